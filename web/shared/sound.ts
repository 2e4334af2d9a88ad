// A soft sound when somebody asks, made on the spot: two notes, no file. The reader can turn it off.
const kept = "pontlevis.sound";

export function sound_is_on(): boolean {
  try {
    return localStorage.getItem(kept) !== "off";
  } catch {
    return true;
  }
}
export function set_sound(on: boolean): void {
  try {
    localStorage.setItem(kept, on ? "on" : "off");
  } catch {
    // a browser that keeps nothing: the sound stays as it is
  }
}

let context: AudioContext | null = null;

function note(audio: AudioContext, hertz: number, from: number): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = "sine";
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(0.12, from + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.9);
  tone.connect(volume).connect(audio.destination);
  tone.start(from);
  tone.stop(from + 1);
}

export function chime(): void {
  if (!sound_is_on() || !navigator.userActivation?.hasBeenActive) return;  // browsers are silent until the person acted
  try {
    context ??= new AudioContext();
    void context.resume();
    note(context, 523.25, context.currentTime);
    note(context, 659.25, context.currentTime + 0.22);
  } catch {
    // a machine without sound: the title and the live region speak
  }
}
