#include "audit/timestamp.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdlib>
#include <ctime>

#include "protocol/c_handle.hpp"
#include "protocol/crypto/signed_note.hpp"
#include "protocol/io/system.hpp"
#include "protocol/text.hpp"

namespace pontlevis::audit {
namespace {

using TsReq = CHandle<TS_REQ, TS_REQ_free>;
using TsResp = CHandle<TS_RESP, TS_RESP_free>;
using TsImprint = CHandle<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free>;
using TsVerify = CHandle<TS_VERIFY_CTX, TS_VERIFY_CTX_free>;
using Algorithm = CHandle<X509_ALGOR, X509_ALGOR_free>;
using Integer = CHandle<ASN1_INTEGER, ASN1_INTEGER_free>;
using Store = CHandle<X509_STORE, X509_STORE_free>;
using Certificate = CHandle<X509, X509_free>;
using BioHandle = CHandle<BIO, BIO_free_all>;
using Number = CHandle<BIGNUM, BN_free>;

constexpr std::size_t nonce_bytes = 8, max_authorities = 16, max_pem_bytes = 256 * 1024;

std::unexpected<Error> bad(std::string what) { return fail(Errc::bad_input, std::move(what), "timestamp"); }

// What OpenSSL noted last; its texts are constants of the library.
std::unexpected<Error> refused(const char* what) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return fail(Errc::bad_signature, std::string(what) + (reason ? std::string(" (") + reason + ")" : std::string()), "timestamp");
}

template <class T, class Encode>
std::string der_of(T* value, Encode encode) {
  unsigned char* raw = nullptr;
  const int n = encode(value, &raw);
  if (n < 0) std::abort();
  std::string out(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(n));
  OPENSSL_free(raw);
  return out;
}

void must(bool good) {
  if (!good) std::abort();  // out of memory
}

TsImprint imprint_of(const Digest& digest) {
  TsImprint out(TS_MSG_IMPRINT_new());
  Algorithm algorithm(X509_ALGOR_new());
  must(out && algorithm && X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) == 1 &&
       TS_MSG_IMPRINT_set_algo(out.get(), algorithm.get()) == 1);
  std::array<unsigned char, 32> bytes = digest.bytes;
  must(TS_MSG_IMPRINT_set_msg(out.get(), bytes.data(), static_cast<int>(bytes.size())) == 1);
  return out;
}

Integer integer_of(std::string_view bytes) {
  const Number number(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
  must(number != nullptr);
  Integer out(BN_to_ASN1_INTEGER(number.get(), nullptr));
  must(out != nullptr);
  return out;
}

std::string bytes_of(const ASN1_INTEGER* value) {
  const Number number(ASN1_INTEGER_to_BN(value, nullptr));
  std::string out(nonce_bytes, '\0');
  if (!number || BN_is_negative(number.get()) || BN_num_bytes(number.get()) > static_cast<int>(nonce_bytes)) return {};
  must(BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(nonce_bytes)) >= 0);
  return out;
}

Result<TsResp> parse_reply(std::string_view der) {
  if (der.empty() || der.size() > max_timestamp_bytes) return bad("is empty or longer than 64 KiB");
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  TsResp out(d2i_TS_RESP(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!out || at != reinterpret_cast<const unsigned char*>(der.data()) + der.size()) return bad("is not an RFC 3161 reply");
  if (der_of(out.get(), i2d_TS_RESP) != der) return bad("is not in DER, where one value has one form");
  return out;
}

Result<Time> time_of(const ASN1_GENERALIZEDTIME* value) {
  std::tm parts{};
  if (!value || ASN1_TIME_to_tm(value, &parts) != 1) return bad("has no valid time");
  return Time{std::chrono::seconds(::timegm(&parts))};
}

std::string name_text(const X509_NAME* name) {
  const BioHandle out(BIO_new(BIO_s_mem()));
  must(out != nullptr);
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* data = nullptr;
  const long n = BIO_get_mem_data(out.get(), &data);
  return printable({data, static_cast<std::size_t>(n)}, 200);
}

// The certificate that signed when the reply brings it, else the name the token gives itself.
std::string authority_of(PKCS7* token, TS_TST_INFO* info) {
  ERR_clear_error();
  STACK_OF(X509)* signers = PKCS7_get0_signers(token, nullptr, 0);
  std::string out;
  if (signers && sk_X509_num(signers) == 1) out = name_text(X509_get_subject_name(sk_X509_value(signers, 0)));
  sk_X509_free(signers);
  ERR_clear_error();
  const auto* name = TS_TST_INFO_get_tsa(info);
  if (out.empty() && name && name->type == GEN_DIRNAME) out = name_text(name->d.directoryName);
  return out;
}

Result<Digest> imprint_in(TS_TST_INFO* info) {
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(info);
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  const ASN1_OCTET_STRING* bytes = TS_MSG_IMPRINT_get_msg(imprint);
  if (OBJ_obj2nid(algorithm) != NID_sha256 || ASN1_STRING_length(bytes) != 32) return bad("is not over a SHA-256 imprint");
  return Digest::from({reinterpret_cast<const char*>(ASN1_STRING_get0_data(bytes)), 32});
}

Result<TimestampReply> read_reply(TS_RESP* reply) {
  const long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(reply)));
  if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS) return bad("was not granted by the authority, status " + std::to_string(status));
  TS_TST_INFO* info = TS_RESP_get_tst_info(reply);
  if (!info) return bad("holds no token");
  PL_TRY(imprint, imprint_in(info));
  PL_TRY(time, time_of(TS_TST_INFO_get_time(info)));
  TimestampReply out{imprint, time, authority_of(TS_RESP_get_token(reply), info), {}, {}};
  std::array<char, 128> policy{};
  OBJ_obj2txt(policy.data(), static_cast<int>(policy.size()), TS_TST_INFO_get_policy_id(info), 1);
  out.policy = policy.data();
  if (const auto* nonce = TS_TST_INFO_get_nonce(info)) out.nonce = bytes_of(nonce);
  return out;
}

}  // namespace

TimestampQuery make_timestamp_query(const Digest& imprint, Random& random) {
  TimestampQuery out;
  do out.nonce = random.bytes(nonce_bytes);
  while (out.nonce[0] == '\0');  // its length is part of what comes back
  const TsReq request(TS_REQ_new());
  const auto message = imprint_of(imprint);
  const auto nonce = integer_of(out.nonce);
  must(request && TS_REQ_set_version(request.get(), 1) == 1 && TS_REQ_set_msg_imprint(request.get(), message.get()) == 1 &&
       TS_REQ_set_nonce(request.get(), nonce.get()) == 1 && TS_REQ_set_cert_req(request.get(), 1) == 1);
  out.der = der_of(request.get(), i2d_TS_REQ);
  return out;
}

Result<TimestampReply> TimestampReply::parse(std::string_view der) {
  PL_TRY(reply, parse_reply(der));
  return read_reply(reply.get());
}

struct TimestampTrust::State {
  std::string pem;
};

TimestampTrust::TimestampTrust(std::unique_ptr<State> state) : state_(std::move(state)) {}
TimestampTrust::TimestampTrust(TimestampTrust&&) noexcept = default;
TimestampTrust& TimestampTrust::operator=(TimestampTrust&&) noexcept = default;
TimestampTrust::~TimestampTrust() = default;

namespace {

// A store of its own for each question, because the moment it is asked about stands in it.
Result<Store> store_of(const std::string& pem, std::optional<Time> at) {
  Store out(X509_STORE_new());
  const BioHandle in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  must(out && in);
  std::size_t count = 0;
  for (;; ++count) {
    const Certificate one(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    if (!one) break;
    if (count == max_authorities || X509_STORE_add_cert(out.get(), one.get()) != 1) return bad("has too many authorities to trust");
  }
  const bool at_the_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (count == 0 || !at_the_end) return bad("has no authority to trust: not a list of PEM certificates");
  if (at) X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(out.get()), std::chrono::floor<std::chrono::seconds>(*at).time_since_epoch().count());
  return out;
}

}  // namespace

Result<TimestampTrust> TimestampTrust::from_pem(std::string_view certificates) {
  if (certificates.size() > max_pem_bytes) return bad("has a list of authorities longer than 256 KiB");
  auto state = std::make_unique<State>(State{std::string(certificates)});
  PL_CHECK(store_of(state->pem, std::nullopt));
  return TimestampTrust(std::move(state));
}

Result<TimestampTrust> TimestampTrust::from_file(const std::filesystem::path& file) {
  PL_TRY(text, io::read_file(file, max_pem_bytes));
  auto out = from_pem(text);
  if (!out) out.error().where = file.string();
  return out;
}

Result<TimestampReply> TimestampTrust::verify(std::string_view der, const Digest& imprint, const std::optional<std::string>& nonce) const {
  PL_TRY(reply, parse_reply(der));
  PL_TRY(said, read_reply(reply.get()));
  if (said.imprint != imprint) return refused("is of something else");
  if (nonce && said.nonce != nonce) return refused("answers another question");
  PL_TRY(store, store_of(state_->pem, said.time));
  const TsVerify context(TS_VERIFY_CTX_new());
  must(context != nullptr);
  TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_SIGNATURE | TS_VFY_IMPRINT);
  auto* bytes = static_cast<unsigned char*>(OPENSSL_memdup(imprint.bytes.data(), imprint.bytes.size()));
  must(bytes != nullptr);
  TS_VERIFY_CTX_set_imprint(context.get(), bytes, static_cast<long>(imprint.bytes.size()));  // both belong to it now
  TS_VERIFY_CTX_set_store(context.get(), store.release());
  if (TS_RESP_verify_response(context.get(), reply.get()) != 1) return refused("does not verify");
  return said;
}

Result<std::string> stamped_part(std::string_view note) {
  PL_TRY(parsed, SignedNote::parse(note));
  const auto head = parsed.text().size() + 1;  // the text and an empty line; then the log's own signature
  const auto end = note.find('\n', head);
  if (end == note.npos) return bad("is of a note without a signature");
  return std::string(note.substr(0, end + 1));
}

}  // namespace pontlevis::audit
