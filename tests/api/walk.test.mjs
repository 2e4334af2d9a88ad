// The whole walk, in an order that needs one lab: each chapter finds what those before it made.
import "./chapters/door.mjs";
import "./chapters/table.mjs";
import "./chapters/administration.mjs";
import "./chapters/deliveries.mjs";
import "./chapters/retention.mjs"; // before the registers: an erasure takes what was handed out along
import "./chapters/registers.mjs";
import "./chapters/mine.mjs";
import "./chapters/path.mjs";
import "./chapters/review.mjs";
import "./chapters/input.mjs";
import "./chapters/matrix.mjs";
import "./chapters/tokens.mjs";
import "./chapters/sockets.mjs";
import "./chapters/log.mjs";
import "./chapters/path_end.mjs";
import "./chapters/lists.mjs";
import "./chapters/administration_end.mjs";
import "./chapters/oidc.mjs";
import "./chapters/flood.mjs";
import "./chapters/count.mjs";
