// SPDX-License-Identifier: Apache-2.0
//
// A torture case as it stands in a .case file: lines "section:", "title:", "note:" for the reader,
// "expect: key = value" with the value escaped as the message is, then "---", then the message as
// escaped text. Line ends of the file mean nothing inside the message; \r \n \\ \xNN do. Reads
// files, so tests only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tandem::torture {

struct Expectation {
    std::string key;
    std::string value; // escaped as the message is
};

struct TortureCase {
    std::string name; // the file's name without ".case"
    std::string section;
    std::string title;
    std::vector<Expectation> expectations;
    std::string message;
};

// All cases of one folder beside this file ("rfc4475"), by name. A file that is not understood
// gives a case without expectations, which the test fails.
[[nodiscard]] std::vector<TortureCase> load_cases(std::string_view folder);

// The text as a case file writes it: what is not printable ASCII as \xNN, CR, LF and "\" by name.
[[nodiscard]] std::string escape(std::string_view bytes);

} // namespace tandem::torture
