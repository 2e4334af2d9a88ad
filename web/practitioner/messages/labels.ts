// The labels all pages share.
export { label_of, labels } from "../../shared/labels";
