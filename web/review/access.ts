// Who may do what on this page. It only decides what is offered: the gateway decides each act again.
import { is } from "../console/who";

export const may_write = (): boolean => is("compliance");
export const may_mark = (): boolean => is("compliance", "auditor");
export const may_deliver = (): boolean => is("compliance", "administrator");
