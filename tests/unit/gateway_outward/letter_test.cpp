// Letters: well-formed whatever is put in, and never more headers than ours.
#include <gtest/gtest.h>

#include "gateway/outward/letter.hpp"
#include "gateway/outward/letter_texts.hpp"
#include "protocol/io/outward/smtp.hpp"
#include "protocol/text.hpp"

namespace pontlevis::gateway {
namespace {

LetterParts parts(std::string subject, std::string text) {
  return {"0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4a001", "passerelle@vendor.example", "Éditeur Exemple", "cabinet@practice.example", std::move(subject), std::move(text), "fr",
          *from_utc("2026-11-22T10:00:00.000Z")};
}

std::vector<std::string> header_names(const std::string& letter) {
  std::vector<std::string> out;
  const auto head = letter.substr(0, letter.find("\r\n\r\n") + 2);
  for (std::size_t at = 0; at < head.size();) {
    const auto end = head.find("\r\n", at);
    if (head[at] != ' ') out.push_back(head.substr(at, head.find(':', at) - at));
    at = end + 2;
  }
  return out;
}

TEST(Letter, has_the_headers_of_a_machine_that_wants_no_answer) {
  const auto letter = print_letter(parts("Compte rendu d'intervention", "Bonjour,\n"));
  EXPECT_NE(letter.find("Message-ID: <0d9a3f52-6f7e-4c6b-9a57-6a5fd2f4a001@vendor.example>\r\n"), letter.npos);
  EXPECT_NE(letter.find("Date: Sun, 22 Nov 2026 10:00:00 +0000\r\n"), letter.npos);
  EXPECT_NE(letter.find("Auto-Submitted: auto-generated\r\n"), letter.npos);
  EXPECT_NE(letter.find("Subject: Compte rendu d'intervention\r\n"), letter.npos);
  EXPECT_NE(letter.find("From: =?UTF-8?B?"), letter.npos);
}

TEST(Letter, nothing_that_is_put_in_becomes_a_header) {
  const auto plain = header_names(print_letter(parts("Objet", "Texte\n")));
  for (std::string bad : {"Objet\r\nBcc: autre@ailleurs.example", "Objet\nBcc: autre@ailleurs.example\n\ncorps", "Objet\r\n\r\n.\r\nQUIT", "a\rb: c"})
    EXPECT_EQ(header_names(print_letter(parts(bad, bad))), plain) << bad;
}

TEST(Letter, a_long_subject_is_folded_between_characters) {
  std::string subject;
  for (int i = 0; i < 60; ++i) subject += "é€";
  const auto encoded = encoded_words(subject);
  EXPECT_GT(encoded.size(), 200u);
  std::string read;
  for (std::size_t at = 0; (at = encoded.find("=?UTF-8?B?", at)) != encoded.npos;) {
    const auto end = encoded.find("?=", at + 10);
    const auto piece = from_base64(encoded.substr(at + 10, end - at - 10));
    ASSERT_TRUE(piece);
    EXPECT_TRUE(is_utf8(*piece));
    EXPECT_LE(end + 2 - at, 75u);
    read += *piece;
    at = end;
  }
  EXPECT_EQ(read, subject);
}

TEST(Letter, quoted_printable_keeps_lines_short_and_text_whole) {
  std::string text = "Égalité = 100 % \nfin de ligne avec blanc \n.\nFrom ici\n" + std::string(300, 'x') + "\n";
  const auto encoded = quoted_printable(text);
  std::string read;
  for (std::size_t at = 0; at < encoded.size();) {
    const auto end = encoded.find("\r\n", at);
    ASSERT_NE(end, encoded.npos);
    auto line = encoded.substr(at, end - at);
    EXPECT_LE(line.size(), 76u);
    const bool soft = line.ends_with('=');
    if (soft) line.pop_back();
    for (std::size_t i = 0; i < line.size(); ++i)
      if (line[i] == '=') read += *from_hex(std::string{static_cast<char>(std::tolower(line[i + 1])), static_cast<char>(std::tolower(line[i + 2]))}), i += 2;
      else read += line[i];
    if (!soft) read += '\n';
    at = end + 2;
  }
  EXPECT_EQ(read, text);
  EXPECT_NE(encoded.find("blanc=20\r\n"), encoded.npos);
}

TEST(MailAddress, one_mailbox_and_no_more) {
  for (auto good : {"a@b", "prenom.nom+tri@cabinet.example", "dpo@sub.vendor.example"}) EXPECT_TRUE(io::is_mail_address(good)) << good;
  for (std::string bad : {"", "@b", "a@", "a b@c", "a@b c", "a@b,c@d", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "a@@b", ".a@b", "a..b@c", "a@-b", "a@b.", "é@b", "\"a\"@b", "a;b"})
    EXPECT_FALSE(io::is_mail_address(bad)) << bad;
  EXPECT_FALSE(io::is_mail_address(std::string(65, 'a') + "@b"));
}

TEST(LetterTexts, say_it_in_french_first_and_in_english_too) {
  const ClockNotice notice{"rights_request", "RR-2026-4", *from_utc("2026-12-22T10:00:00.000Z"), false};
  const auto letter = clock_letter(notice);
  EXPECT_LT(letter.text.find("demande d'exercice de droits (RR-2026-4) : l'échéance est le 22/12/2026"), letter.text.find("request of a person"));
  EXPECT_NE(letter.subject.find("Due soon"), letter.subject.npos);
  const auto order = put_aside_letter("id", "deletion", true);
  EXPECT_NE(order.text.find("ordre de suppression"), order.text.npos);
  EXPECT_NE(order.text.find("deletion order"), order.text.npos);
}

}  // namespace
}  // namespace pontlevis::gateway
