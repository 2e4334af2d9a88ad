#!/usr/bin/env bash
# A pair in one shared terminal; one of the two works in a network namespace of their own, and its link is set
# down: no packet says so, the silence must be noticed. What reaches the practice's terminal stops within a
# bounded time, and goes on when they are back with a new code (requirements A35). Needs root.
[ "$(id -u)" = 0 ] || { echo "ok - one of a pair loses the network # SKIP needs root, to make a network namespace"; exit 77; }
ip netns add "plv-probe-$$" 2>/dev/null || { echo "ok - one of a pair loses the network # SKIP no network namespace can be made here"; exit 77; }
ip netns del "plv-probe-$$"
alive=2                                              # seconds between two questions; 15 where nobody says otherwise
export PONTLEVIS_AGENT_LINK_OPERATOR_ALIVE_SECONDS=$alive PONTLEVIS_GATEWAY_LISTEN_SSH_ADDRESS=0.0.0.0
. "$(dirname "$0")/harness.sh"

# ---- the other network: one cable, from this machine to a namespace ----
net=plv-$$ cable=plv${$}h plug=plv${$}n here_ip= there_ip=
cut_off() { ip -n "$net" link set "$plug" down; }
mend() { ip -n "$net" link set "$plug" up; }
lay_cable() {
  here_ip=198.18.$(($$ % 250)).1 there_ip=198.18.$(($$ % 250)).2
  ip netns add "$net" && ip link add "$cable" type veth peer name "$plug" netns "$net" && ip addr add "$here_ip/30" dev "$cable" &&
    ip link set "$cable" up && ip -n "$net" addr add "$there_ip/30" dev "$plug" && mend && ip -n "$net" link set lo up
}
take_away() { ip link del "$cable" 2>/dev/null; ip netns del "$net" 2>/dev/null; }
trap 'tm kill-server 2>/dev/null; leave; take_away' EXIT
lay_cable || { echo "not ok - a network namespace and its cable"; exit 1; }

lab_for_scenario 2
where=$system_id.$practice home=$lab/home
. "$(dirname "$0")/desks.sh"
at[bruno]="ip netns exec $net"

# Bruno's machine reaches the gateway by the cable alone: nothing of his runs, or is shared, on this side.
config_of_bruno() {
  local ssh=$lab/tech/bruno/ssh
  sed "s|^\( *HostName\) localhost|\1 $here_ip|; s|User alice|User bruno|; s|tech/alice|tech/bruno|g; s|ControlMaster auto|ControlMaster no|; s|ControlPath .*|ControlPath none|" \
    "$lab/tech/alice/ssh/config" >"$ssh/config" && cp "$lab/tech/alice/ssh/pontlevis_known_hosts" "$ssh/"
}
# An authenticator's code is good once: whoever comes back soon waits for the next one.
patient_answer() {
  cat >"$lab/tech/bruno/ssh/answer" <<EOF
#!/bin/bash
case \$1 in *"One-time password"*) exec cat "$lab/tech/bruno/heard" ;; esac
while code=\$(oathtool --totp -b "\$(cat "$lab/tech/bruno/totp")"); [ "\$code" = "\$(cat "$lab/tech/bruno/used" 2>/dev/null)" ]; do sleep 0.2; done
echo "\$code" | tee "$lab/tech/bruno/used"
EOF
}

opens() {
  id=$(ask alice --tools shell,files --pair bruno) && echo "$id" >"$work/id" && approve "$id" && use_config alice "$id" && config_of_bruno && patient_answer
}
promise "a pair is asked for and consented to" opens
id=$(cat "$work/id")
together() {
  desk_of alice 100 30 && wait_for "alice to be in" here 1 && desk_of bruno 80 24 && wait_for "bruno to be in" here 2 && wait_for "input to flow" held NONE &&
    type_line bruno 'PS1="> "; echo from-br"uno"' && see alice from-bruno && see bruno from-bruno && type_line alice 'echo from-al"ice"' && see bruno from-alice
}
promise "together they share one terminal, one of them over the cable" together
by_the_cable() { expect "his connection on the cable" [ "$(ip netns exec "$net" ss -Htn state established | wc -l)" -ge 1 ]; }
promise "the second one's connection has no other way" by_the_cable

lost() {
  local began
  cut_off && began=$(date +%s%N) && type_line alice 'echo soon-af"ter"' && see alice soon-after || return 1
  wait_for "the loss to be noticed" held PAIR_INCOMPLETE && echo $((($(date +%s%N) - began) / 1000000)) >"$work/noticed" &&
    see alice "waiting for the second operator" && expect "he is not counted as here" here 1
}
promise "his network is cut without a word: the loss is noticed, and the other is told" lost
in_time() { expect "within five questions of ${alive} s, it was $(cat "$work/noticed") ms" test "$(cat "$work/noticed")" -lt $((alive * 5000)); }
promise "it is noticed in bounded time" in_time
stopped() {
  type_line alice 'touch typed-while-alone; echo un"held"' && wait_for "the hold" held PAIR_INCOMPLETE && expect "nothing typed arrives" test ! -e "$home/typed-while-alone" &&
    refute "an answer" reads alice unheld
}
promise "what is typed then does not reach the practice's terminal" stopped
why_in_record() {
  records_of agent "$id" | jq -e 'any(.records[].fields; .type=="connection" and .event=="LEFT" and .operator=="bruno")' >/dev/null
}
promise "the record says that he left" wait_for "his leaving in the record" why_in_record
back() {
  mend && tm kill-session -t bruno && new_code_for bruno && desk_of bruno 80 24 && wait_for "bruno to be back" here 2 && wait_for "input to flow" held NONE &&
    type_line bruno 'echo back-ag"ain"' && see alice back-again && see bruno back-again && type_line alice 'echo both-ag"ain"' && see bruno both-again
}
promise "the cable is mended: back with a new code, it goes on in the same terminal" back
ends() { program agent stop "$id" --data "$lab/agent" >/dev/null && see alice client-left-with-255 && wait_for "its programs to be gone" test "$(session_processes "$id")" = 0; }
promise "stop ends both" ends
promise "both records verify" both_verify
echo "# he came back by: $(records_of agent "$id" | jq -r '[.records[].fields | select(.type=="connection" and .operator=="bruno" and .event!="LEFT").auth_method] | last')"
echo "# from the cut to the hold: $(cat "$work/noticed" 2>/dev/null) ms, asking every $alive s (every 15 s by default)"
end_of_scenario
