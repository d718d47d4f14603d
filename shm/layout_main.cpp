// SPDX-License-Identifier: Apache-2.0
//
// shm-layout: prints docs/shm-layout.md. With a file name it compares that file with what it would
// print, and exits 1 with the way to repair it when they differ.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "shm/layout_document.hpp"

int main(int argc, char** argv) {
    const std::string wanted = tandem::shm::layout_document();
    if (argc < 2) {
        return std::fputs(wanted.c_str(), stdout) >= 0 ? 0 : 1;
    }
    std::ifstream file(argv[1]);
    const std::string found{std::istreambuf_iterator<char>(file), {}};
    if (found != wanted) {
        std::fprintf(
            stderr, "%s is out of date; renew it with: ninja -C BUILD docs-shm-layout\n", argv[1]);
        return 1;
    }
    return 0;
}
