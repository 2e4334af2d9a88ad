// A terminal, or one command, on a channel of a connection.
import { Writer } from "./bytes";
import type { Channel } from "./channel";
import type { Connection } from "./connection";
import { Trouble } from "./errors";

export interface Size { cols: number; rows: number }
const terminal_window = 256 * 1024;  // small: an interrupt is soon seen
const command_window = 4 << 20;

const size_words = ({ cols, rows }: Size) => new Writer().u32(cols).u32(rows).u32(0).u32(0);
// RFC 4254 §8: the end, then what an erase key sends; the practice's end sets the rest.
const modes = new Writer().byte(3).u32(0x7f).byte(0).bytes();

export async function open_shell(connection: Connection, size: Size, language: string, term = "xterm-256color"): Promise<Channel> {
  const channel = await connection.open("session", terminal_window);
  return started(channel, async () => {
    channel.tell("env", new Writer().string("LANG").string(language).bytes());
    // Where the practice offers a list of commands only, there is no terminal: its answer to `shell` says so.
    await channel.ask("pty-req", new Writer().string(term).raw(size_words(size).bytes()).string(modes).bytes());
    return channel.ask("shell");
  });
}
export async function run_command(connection: Connection, command: string): Promise<Channel> {
  const channel = await connection.open("session", command_window);
  return started(channel, () => channel.ask("exec", new Writer().string(command).bytes()));
}
export async function open_subsystem(connection: Connection, name: string): Promise<Channel> {
  const channel = await connection.open("session", command_window);
  return started(channel, () => channel.ask("subsystem", new Writer().string(name).bytes()));
}
export const resize = (channel: Channel, size: Size): void => channel.tell("window-change", size_words(size).bytes());

// The practice says why it refuses on the error stream of a channel that it then closes: readers show that.
async function started(channel: Channel, ask: () => Promise<boolean>): Promise<Channel> {
  if (await ask().catch((problem) => (channel.close(), Promise.reject(problem)))) return channel;
  channel.close();
  throw new Trouble("not_offered");
}
