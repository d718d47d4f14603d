// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target: a whole dataplane node. What comes from the wire and from the core, and how time
// goes on, stand in the input as steps; the laws are in frame_world.hpp. Built with libFuzzer.
#include <memory>

#include "tests/fuzz/frame_world.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tandem;
    // A node is dear to build and forgets by itself; a new one now and then keeps what an input
    // does from hanging on very many before it.
    constexpr std::size_t kInputsPerNode = 4'096;
    static std::unique_ptr<fuzz::FrameWorld> world;
    static std::size_t inputs = 0;
    if (inputs++ % kInputsPerNode == 0) {
        world.reset();
        world = std::make_unique<fuzz::FrameWorld>();
    }
    fuzz::Input input(data, size);
    world->run(input);
    return 0;
}
