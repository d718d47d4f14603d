// SPDX-License-Identifier: Apache-2.0
//
// OpenSSL behind two functions. A failure of the library (it is out of memory, or the algorithm was
// taken out of its configuration) is not caused by a peer: it ends the process.
#include "controlplane/core/digest_hash.hpp"

#include <algorithm>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/assert.hpp"
#include "sipparse/lexical.hpp"

namespace tandem::controlplane {

namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

template <typename T, void (*Free)(T*)>
struct Deleter {
    void operator()(T* object) const { Free(object); }
};

using Md = std::unique_ptr<EVP_MD, Deleter<EVP_MD, EVP_MD_free>>;
using MdContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX, EVP_MD_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC, Deleter<EVP_MAC, EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Deleter<EVP_MAC_CTX, EVP_MAC_CTX_free>>;

struct Engine {
    explicit Engine(const char* name)
        : algorithm(EVP_MD_fetch(nullptr, name, nullptr)), context(EVP_MD_CTX_new()) {
        TANDEM_ASSERT(algorithm != nullptr && context != nullptr);
    }

    Md algorithm;
    MdContext context;
};

} // namespace

struct DigestHash::Engines {
    explicit Engines(std::span<const std::uint8_t, 32> key)
        : md5("MD5"), sha256("SHA256"), mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr)),
          mac_context(EVP_MAC_CTX_new(mac.get())) {
        char name[] = "SHA256";
        const OSSL_PARAM params[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
            OSSL_PARAM_construct_end()};
        TANDEM_ASSERT(EVP_MAC_init(mac_context.get(), key.data(), key.size(), params) == 1);
    }

    Engine md5;
    Engine sha256;
    Mac mac;
    MacContext mac_context;
};

HexDigest::HexDigest(std::span<const std::uint8_t> hash) : bytes_(hash.size() * 2) {
    TANDEM_ASSERT(bytes_ <= kBytesMax);
    write_hex(hash, std::span(text_).first(bytes_));
}

bool HexDigest::equals(std::string_view other) const {
    if (other.size() != bytes_) {
        return false;
    }
    std::array<char, kBytesMax> lower{};
    for (std::size_t i = 0; i < bytes_; ++i) {
        lower[i] = sipparse::to_lower(other[i]);
    }
    return CRYPTO_memcmp(lower.data(), text_.data(), bytes_) == 0;
}

DigestHash::DigestHash(std::span<const std::uint8_t, 32> key)
    : engines_(std::make_unique<Engines>(key)) {} // at construction

DigestHash::~DigestHash() = default;

HexDigest DigestHash::hash(config::DigestAlgorithm algorithm,
                           std::initializer_list<std::string_view> pieces) {
    auto& engine = algorithm == config::DigestAlgorithm::Sha256 ? engines_->sha256 : engines_->md5;
    EVP_MD_CTX* context = engine.context.get();
    bool good = EVP_DigestInit_ex(context, engine.algorithm.get(), nullptr) == 1;
    bool first = true;
    for (const auto piece : pieces) {
        good = good && (first || EVP_DigestUpdate(context, ":", 1) == 1);
        good = good && EVP_DigestUpdate(context, piece.data(), piece.size()) == 1;
        first = false;
    }
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> out{};
    unsigned bytes = 0;
    good = good && EVP_DigestFinal_ex(context, out.data(), &bytes) == 1;
    TANDEM_ASSERT(good);
    return HexDigest(std::span(out).first(bytes));
}

Seal DigestHash::seal(const NonceStamp& stamp, base::Ipv4Address source, std::string_view realm) {
    std::array<std::uint8_t, 16> fixed{};
    for (unsigned i = 0; i < 8; ++i) {
        fixed[i] = static_cast<std::uint8_t>(stamp.time_ms >> (8 * i));
    }
    for (unsigned i = 0; i < 4; ++i) {
        fixed[8 + i] = static_cast<std::uint8_t>(stamp.number >> (8 * i));
        fixed[12 + i] = static_cast<std::uint8_t>(source.value >> (8 * i));
    }
    EVP_MAC_CTX* context = engines_->mac_context.get();
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> out{};
    std::size_t bytes = 0;
    const auto* text = static_cast<const unsigned char*>(static_cast<const void*>(realm.data()));
    const bool good = EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
                      EVP_MAC_update(context, fixed.data(), fixed.size()) == 1 &&
                      EVP_MAC_update(context, text, realm.size()) == 1 &&
                      EVP_MAC_final(context, out.data(), &bytes, out.size()) == 1;
    TANDEM_ASSERT(good && bytes >= sizeof(Seal));
    Seal seal;
    std::copy_n(out.begin(), seal.size(), seal.begin());
    return seal;
}

void write_hex(std::uint64_t number, std::span<char> out) {
    for (auto at = out.rbegin(); at != out.rend(); ++at) {
        *at = kHexDigits[number & 0xFU];
        number >>= 4U;
    }
}

void write_hex(std::span<const std::uint8_t> bytes, std::span<char> out) {
    TANDEM_ASSERT(out.size() == bytes.size() * 2);
    auto at = out.begin();
    for (const auto byte : bytes) {
        *at++ = kHexDigits[byte >> 4U];
        *at++ = kHexDigits[byte & 0xFU];
    }
}

} // namespace tandem::controlplane
