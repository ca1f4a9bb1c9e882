#pragma once
// A message as a person would sum it up, from what an independent reader finds in it: one line for the event,
// each participant and each object.

#include <string>
#include <vector>

#include "xml_document.hpp"

namespace portcullis::audit {

std::vector<std::string> summary(const XmlDocument& message);

}  // namespace portcullis::audit
