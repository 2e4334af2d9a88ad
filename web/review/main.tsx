// The compliance review: find what happened, check it, note it, keep it or destroy it in time.
import { render } from "preact";
import "../shared/styles/base.css";
import "../shared/styles/figures.css";
import "../shared/styles/print.css";
import "../console/console.css";
import "../console/forms.css";
import "./review.css";
import { language } from "../shared/i18n";
import { also_send } from "../console/api";
import { be_still } from "../console/who";
import { App } from "./app";
import { begin } from "./begin";
import { purpose_header } from "./purpose";

document.documentElement.lang = language();
be_still();
also_send(purpose_header);
render(<App />, document.getElementById("page")!);
void begin();
