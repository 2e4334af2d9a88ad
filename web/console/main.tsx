// The technician's console: find a practice, ask, wait, work, report; and what administrators keep in order.
import { render } from "preact";
import "@xterm/xterm/css/xterm.css";
import "../shared/styles/base.css";
import "../shared/styles/figures.css";
import "../shared/styles/print.css";
import "./console.css";
import "./forms.css";
import "./session/session.css";
import { language } from "../shared/i18n";
import { App } from "./app";
import { begin } from "./who";

document.documentElement.lang = language();
render(<App />, document.getElementById("page")!);
void begin();
