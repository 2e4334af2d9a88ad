// SSH in the browser, end to end: see connection.ts. Everything the pages use of it.
export { Channel, type ChannelReader, type Exit } from "./channel";
export { connect, Connection, usual_limits, type Limits, type Options } from "./connection";
export { harmless, Trouble, type TroubleKind } from "./errors";
export { open_shell, open_subsystem, resize, run_command, type Size } from "./shell";
export type { AskPassword, ClientKey, PasswordAsk } from "./sign_in";
export { Sftp } from "./sftp/client";
export { download, upload, type Place, type Watcher } from "./sftp/transfer";
export { type Attributes, type Entry, FileError, type FileTrouble, is_file, is_folder, is_link } from "./sftp/words";
export { open_tunnel, TunnelSocket } from "./tunnel";
export type { Pipe } from "./wire";
