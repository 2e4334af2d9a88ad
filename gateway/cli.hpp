// The command line of pontlevis-gateway: verbs, nouns and how their answers look. Exit status: 0 done, 1 refused
// or failed, 2 the command line is wrong.
#pragma once

namespace pontlevis::gateway {

int run_cli(int argc, char** argv, const char* const* environment);

}  // namespace pontlevis::gateway
