// What the command line says to a person, and how it asks for a password. No colour, no cursor play:
// it must read well in a mail, a log and a screen reader. Main thread only.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "agent/notice.hpp"
#include "protocol/result.hpp"
#include "protocol/secret.hpp"

namespace pontlevis::agent {

// From `file`, or from the terminal without echo, or from standard input when it is no terminal.
Result<Secret> ask_password(const std::string& file, const std::string& prompt);

std::string wrapped(std::string_view text, std::size_t columns = 80);  // at spaces, UTF-8 aware
void print_requests(const boost::json::array& requests, Language language);
void print_status(const boost::json::object& status, Language language);
void print_notice(const boost::json::object& shown, bool more, Language language);
void print_opened(const boost::json::object& opened, Language language);
void print_code(const boost::json::object& password, Language language);

}  // namespace pontlevis::agent
