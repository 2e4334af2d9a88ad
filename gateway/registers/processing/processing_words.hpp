// The values that several entries share, written from facts. Private to processing/. Pure.
#pragma once

#include "gateway/registers/processing/processing_entry.hpp"

namespace pontlevis::gateway::words {

std::vector<Both> vendor(const ProcessingFacts& facts);
std::vector<Both> recipients(const ProcessingFacts& facts);
std::vector<Both> subprocessors(const ProcessingFacts& facts);
std::vector<Both> transfers(const ProcessingFacts& facts);
std::vector<Both> retention(const ProcessingFacts& facts);
std::vector<Both> measures(const ProcessingFacts& facts);
std::vector<Both> rights(const ProcessingFacts& facts);
std::vector<Both> dpia(const Dpia& dpia);

}  // namespace pontlevis::gateway::words
