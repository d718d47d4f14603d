// SPDX-License-Identifier: Apache-2.0
//
// What the hot path check must find, each kind behind its own function, and what it must not. Built
// and read by test_hotpath.py; in no program.
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <unistd.h>
#include <variant>

namespace planted {

#define KEPT __attribute__((noinline, used))

int sink = 0;
std::mutex mutex;

KEPT void clean_leaf(int value) {
    sink += value;
}

KEPT void clean(int value) {
    switch (value) { // a table of distances
    case 0:
        return clean_leaf(1);
    case 1:
        return clean_leaf(7);
    case 2:
        return clean_leaf(3);
    case 3:
        return clean_leaf(9);
    case 4:
        return clean_leaf(2);
    case 5:
        return clean_leaf(6);
    default:
        return clean_leaf(value);
    }
}

int* kept = nullptr;

KEPT void deep_allocation() {
    kept = new int(sink);
}

KEPT void allocates() {
    deep_allocation();
    ++sink;
}

KEPT void releases(int* memory) {
    delete memory;
    ++sink;
}

KEPT void throws() {
    if (sink > 3) {
        throw std::runtime_error("planted");
    }
}

KEPT void locks() {
    const std::lock_guard guard(mutex);
    ++sink;
}

KEPT void calls_the_system() {
    sink += static_cast<int>(::getpid());
}

KEPT void has_an_instruction() {
    long result = 39;
    asm volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
    sink += static_cast<int>(result);
}

class Interface {
  public:
    virtual ~Interface() = default;
    virtual void first() = 0;
    virtual void second() = 0;
};

class Good final : public Interface {
  public:
    void first() override { clean_leaf(1); }

    void second() override { clean_leaf(2); }
};

class Bad final : public Interface {
  public:
    void first() override { clean_leaf(1); }

    void second() override { calls_the_system(); }
};

// Made where nobody looks; the walks begin below.
KEPT Interface* make(bool good) {
    return good ? static_cast<Interface*>(new Good) : new Bad;
}

KEPT void calls_first(Interface& on) {
    on.first();
    ++sink;
}

KEPT void calls_second(Interface& on) {
    on.second();
    ++sink;
}

KEPT void destroys(Interface* object) {
    delete object;
    ++sink;
}

using Step = void (*)();

struct Row {
    const char* name;
    Step step;
};

KEPT constexpr Row kTable[] = {{"lock", locks}, {"throw", throws}};

KEPT void walks_table(unsigned at) {
    kTable[at % 2].step();
    ++sink;
}

Step stored = nullptr;

KEPT void store(Step step) {
    stored = step;
}

KEPT void calls_stored() {
    stored();
    ++sink;
}

KEPT void hands_over(Step step) {
    stored = step;
}

KEPT void takes_address() {
    hands_over(&allocates);
    ++sink;
}

struct Quiet {};

struct Loud {};

struct Third {};

using Any = std::variant<Quiet, Loud, Third>;

struct Visitor {
    KEPT void operator()(const Quiet&) const { clean_leaf(4); }

    KEPT void operator()(const Loud&) const { throws(); }

    KEPT void operator()(const Third&) const { clean_leaf(5); }
};

KEPT void visits(const Any& any) {
    std::visit(Visitor{}, any);
    ++sink;
}

} // namespace planted

int main(int count, char** /*values*/) {
    using namespace planted;
    Interface* const object = make(count > 1);
    clean(count);
    allocates();
    releases(new int(1));
    throws();
    locks();
    calls_the_system();
    has_an_instruction();
    calls_first(*object);
    calls_second(*object);
    destroys(make(false));
    walks_table(static_cast<unsigned>(count));
    store(&calls_the_system);
    calls_stored();
    takes_address();
    visits(count > 2 ? Any(Loud{}) : Any(Quiet{}));
    return sink;
}
