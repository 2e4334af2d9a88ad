#!/usr/bin/env bash
# kill -9 of the agent, of the gateway or of both, at the moments that hurt; a cut link; an orderly stop.
# Afterwards nothing acknowledged is missing, nothing is open, nobody is inside, and work goes on.
export PONTLEVIS_AGENT_LINK_GRACE_SECONDS=10
. "$(dirname "$0")/harness.sh"
lab_for_scenario 17   # one person a case: a code of the app opens once

kill_now() { # NAME: without a word
  local pid
  pid=$(cat "$lab/$1.pid") && rm -f "$lab/$1.pid" && kill -9 "$pid" && wait_for "$1 to be dead" sh -c "! kill -0 $pid" 2>/dev/null
}
crash() { # WHO: agent, gateway or both
  [ "$1" = gateway ] || kill_now agent
  [ "$1" = agent ] || kill_now gateway
  [ "$1" = agent ] || start_gateway
  [ "$1" = gateway ] || start_agent
  wait_for "the link" link_is_up
  [ "$1" = agent ] || forget_connections
}
forget_connections() { # the clients' shared connections died with the gateway
  local control
  for control in "$lab"/cm/*; do [ -S "$control" ] && ssh -o ControlPath="$control" -O exit any >/dev/null 2>&1; done
  return 0
}
log_size() { program audit verify --data "$lab/$1" --json | jq -r '.size // .tree_size'; }
last_of() { records_of "$1" "$2" | jq -r "$3"; } # SIDE ID FILTER
types_of() { last_of "$1" "$2" '[.records[].fields.type]|join(" ")'; } # SIDE ID
remember() { types_of agent "$1" >"$work/agent.types"; types_of gateway "$1" >"$work/gateway.types"; }
still_there() { # ID: each fact recorded before is there after, on its side
  local side
  for side in agent gateway; do
    [[ "$(types_of "$side" "$1")" == "$(cat "$work/$side.types")"* ]] ||
      { echo "the $side had: $(cat "$work/$side.types")"; echo "and has: $(types_of "$side" "$1")"; return 1; }
  done
}
ended_as() { [ "$(last_of "$1" "$2" .fields.end_cause)" = "$3" ]; } # SIDE ID CAUSE
nothing_open() { program agent status --data "$lab/agent" --json | jq -e '.drawbridge=="UP" and (.interventions|length)==0' >/dev/null; }
over() { # ID CAUSE: ended on both sides, nobody inside
  wait_for "the end here" ended_as agent "$1" "$2" && wait_for "the end there" ended_as gateway "$1" "$2" &&
    expect "no process of it" test "$(session_processes "$1")" = 0 && wait_for "nothing open" nothing_open
}
sound() { both_verify && still_there "$1"; }
stays_inside() { # LOGIN FILE: a command at the practice that stays
  as_tech "$1" timeout 120 ssh -F "$lab/tech/$1/ssh/config" -o ControlPath=none "$system_id.$practice" "echo inside; sleep 300" >"$2" 2>&1 &
  started+=($!)
  wait_for "$1 to be inside" grep -q inside "$2"
}

next=0
person() { next=$((next + 1)); login=$(technician_login "$next"); }

after_request() { # LOGIN WHO: the question is put again, and can be answered
  local id
  id=$(ask "$1") && wait_for "the request" reaches_practice "$id" && remember "$id" || return 1
  crash "$2" || return 1
  wait_for "the request to wait again" reaches_practice "$id" && sound "$id" || return 1
  program agent refuse --data "$lab/agent" "$id" --as dr-exemple --password-file "$lab/approver.password" >/dev/null &&
    wait_for "nothing open" nothing_open
}
before_use() { # LOGIN WHO: consented, the password read out, nobody inside yet
  local id said
  id=$(open_session "$1") && remember "$id" && crash "$2" || return 1
  sound "$id" || return 1
  if [ "$2" = gateway ]; then
    program agent stop --data "$lab/agent" "$id" >/dev/null && over "$id" WITHDRAWN
  else
    over "$id" UNKNOWN && says "$(last_of agent "$id" .fields.end_detail)" "last seen" || return 1
    said=$(program agent code "$1" --id "$id" --data "$lab/agent" --as dr-exemple --password-file "$lab/approver.password" 2>&1) && { echo "a password after the end"; return 1; }
    return 0
  fi
}
inside_it() { # LOGIN WHO: while a command runs and a file comes in
  local id cause=UNKNOWN
  id=$(open_session "$1" --tools shell,files) && stays_inside "$1" "$work/$1.said" || return 1
  [ "$2" = gateway ] && cause=WITHDRAWN
  remember "$id"
  crash "$2" || return 1
  [ "$2" = gateway ] && { program agent stop --data "$lab/agent" "$id" >/dev/null || return 1; }
  over "$id" "$cause" && sound "$id"
}
during_transfer() { # LOGIN WHO
  local id cause=UNKNOWN
  id=$(open_session "$1" --tools shell,files) && remember "$id" || return 1
  as_tech "$1" timeout 120 sftp -o BatchMode=no -F "$lab/tech/$1/ssh/config" -o ControlPath=none -b - "$system_id.$practice" <<<"put $work/big $lab/home/big.$1" >/dev/null 2>&1 &
  started+=($!)
  wait_for "some of the file" test -s "$lab/home/big.$1"
  [ "$2" = gateway ] && cause=WITHDRAWN
  crash "$2" || return 1
  [ "$2" = gateway ] && { program agent stop --data "$lab/agent" "$id" >/dev/null || return 1; }
  over "$id" "$cause" && sound "$id" && refute "the whole file" test "$(stat -c %s "$lab/home/big.$1")" = "$(stat -c %s "$work/big")"
}
before_report() { # LOGIN WHO: finished, the report still due
  local id
  id=$(open_session "$1") && front "$1" finish "$id" && wait_for "the end" ended_as gateway "$id" DONE && remember "$id" && crash "$2" || return 1
  sound "$id" && expect "still done" ended_as gateway "$id" DONE || return 1
  next_code "$1"
  front "$1" report "$id" --tasks "'Relance faite, page de test imprimee.'" --outcome SOLVED --cleanup DONE &&
    wait_for "the report here" sh -c "'$bin/pontlevis-audit' show --data '$lab/agent' '$id' | grep -q 'page de test'" && wait_for "closed" in_state "$1" "$id" CLOSED
}
# A code of the app opens once: after a restart the person gives the next one, which counts already.
next_code() {
  sed -i 's|oathtool --totp|oathtool --totp --now "30 seconds"|' "$lab/tech/$1/ssh/answer"
}
head -c 200M /dev/zero >"$work/big"
chmod 644 "$work/big"

for who in agent gateway both; do
  person
  promise "kill -9 of $who after a request" after_request "$login" "$who"
  person
  promise "kill -9 of $who after consent, before use" before_use "$login" "$who"
  person
  promise "kill -9 of $who with somebody inside" inside_it "$login" "$who"
  person
  promise "kill -9 of $who during a transfer" during_transfer "$login" "$who"
done
for who in agent both; do
  person
  promise "kill -9 of $who after finish, before the report" before_report "$login" "$who"
done

cut_link() { # LOGIN: the gateway is away for longer than a session waits
  local id
  id=$(open_session "$1") && stays_inside "$1" "$work/cut.said" && remember "$id" || return 1
  stop_daemon gateway
  wait_for "the end" ended_as agent "$id" LINK_LOST
  expect "no process of it" test "$(session_processes "$id")" = 0
  start_gateway && forget_connections
  over "$id" LINK_LOST && sound "$id"
}
person
promise "a link cut for longer than the grace ends the session, and the vendor learns it later" cut_link "$login"
orderly() { # LOGIN: SIGTERM
  local id pid
  id=$(open_session "$1") && stays_inside "$1" "$work/term.said" && remember "$id" || return 1
  pid=$(cat "$lab/agent.pid")
  kill "$pid"
  wait_for "the agent to be gone" sh -c "! kill -0 $pid" || return 1
  rm -f "$lab/agent.pid"
  expect "ended in order" ended_as agent "$id" ERROR && says "$(last_of agent "$id" .fields.end_detail)" "the agent stops" &&
    expect "no process of it" test "$(session_processes "$id")" = 0 || return 1
  start_agent && wait_for "the link" link_is_up && over "$id" ERROR && sound "$id"
}
person
promise "SIGTERM ends the session in order, with its reason" orderly "$login"
again() { # by somebody who has not signed in yet
  local id
  id=$(open_session "$1") && inside "$1" true && finish_and_report "$1" "$id" && wait_for "closed" in_state "$1" "$id" CLOSED
}
promise "after all that a new intervention works" again tech17
promise "both records verify" both_verify
end_of_scenario
