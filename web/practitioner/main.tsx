// The practitioner's page: understand a request, decide, read a code out, watch, pause, stop, read what was done.
import { render } from "preact";
import "@xterm/xterm/css/xterm.css";
import "../shared/styles/base.css";
import "../shared/styles/figures.css";
import "../shared/styles/print.css";
import "./practitioner.css";
import { App } from "./app";
import { language } from "../shared/i18n";

document.documentElement.lang = language();
render(<App />, document.getElementById("page")!);
