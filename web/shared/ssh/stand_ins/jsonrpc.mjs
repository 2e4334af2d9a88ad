// Of vscode-jsonrpc the SSH library uses events and cancellation alone.
export { Emitter, Event, Disposable } from "vscode-jsonrpc/lib/events.js";
export { CancellationToken, CancellationTokenSource } from "vscode-jsonrpc/lib/cancellation.js";
