// The closed interventions of a day as CSV (RFC 4180): headings in French and English, one line each, cells that a
// spreadsheet would take for a formula made harmless. Pure; any thread. requirements A39 to A45.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace pontlevis::gateway {

std::string csv_cell(std::string_view text);
std::string csv_headings();
// Of what crm_content() says.
std::string csv_line(const boost::json::object& content);

}  // namespace pontlevis::gateway
