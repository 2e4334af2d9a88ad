// The commands as a technician uses them: what they print, and their exit status.
#include "gateway/commands/all.hpp"
#include "tests/unit/gateway/gateway_fixture.hpp"

namespace pontlevis::gateway {
namespace {

class TextOutput final : public CommandOutput {
 public:
  Awaitable<Result<>> flush() override {
    shown += std::exchange(out_, {});
    errors += std::exchange(err_, {});
    co_return Result<>{};
  }
  Awaitable<Result<std::string>> read_input(std::size_t) override { co_return input; }
  std::string shown, errors, input;
};

class CommandsTest : public GatewayTest {
 protected:
  int type(const std::string& line, const std::string& lang = {}, std::string_view who = "alice") {
    Counter counter{*core, *desk, links, [] { return std::uint16_t(2222); }, [this] { return std::vector{host_key.public_key().line()}; }};
    output = {};
    output.input = input;
    return run(run_command(counter, login(who), line, lang, output));
  }
  static constexpr auto request_line =
      "request dossier.cabinet-exemple --tools shell --minutes 30 --ticket T-1 --reason the printer does not answer --tasks read the print queue";
  TextOutput output;
  std::string input;
};

TEST_F(CommandsTest, help_is_the_answer_to_nothing) {
  EXPECT_EQ(type(""), 0);
  EXPECT_NE(output.shown.find("systems"), std::string::npos);
  EXPECT_EQ(type("help request", "fr_FR.UTF-8"), 0);
  EXPECT_NE(output.shown.find("demander une intervention"), std::string::npos);
}

TEST_F(CommandsTest, systems_shows_the_link) {
  EXPECT_EQ(type("systems"), 0);
  EXPECT_NE(output.shown.find("dossier.cabinet-exemple  shell,files  connected  Dossier patient – Cabinet Exemple"), std::string::npos) << output.shown;
  links.is_up = false;
  EXPECT_EQ(type("systems --lang fr"), 0);
  EXPECT_NE(output.shown.find("absent"), std::string::npos);
}

TEST_F(CommandsTest, an_unknown_command_is_a_usage_error) {
  EXPECT_EQ(type("open sesame"), 2);
  EXPECT_EQ(output.errors, "command line: 'open' is not a command\n  hint: `help` lists them\n");
}

TEST_F(CommandsTest, a_request_is_asked_followed_and_closed) {
  ASSERT_EQ(type(request_line), 0) << output.errors;
  EXPECT_NE(output.shown.find("waiting for consent"), std::string::npos);
  ASSERT_EQ(core->interventions.all_live().size(), 1u);
  const auto id = core->interventions.all_live().begin()->first;
  EXPECT_EQ(type("config"), 1);
  EXPECT_NE(output.errors.find("host keys come with that"), std::string::npos);
  ASSERT_TRUE(consent(id) && open_session(id));
  EXPECT_EQ(type("config"), 0);
  EXPECT_NE(output.shown.find("ProxyJump pontlevis-gateway"), std::string::npos);
  EXPECT_NE(output.shown.find("dossier.cabinet-exemple " + host_key.public_key().line()), std::string::npos);
  EXPECT_EQ(output.shown.find("StrictHostKeyChecking no"), std::string::npos);
  EXPECT_EQ(type("finish"), 0);
  ASSERT_TRUE(end_session(id));
  EXPECT_EQ(type("status"), 0);
  EXPECT_NE(output.shown.find("write the report"), std::string::npos);
  input = "Emptied the print queue, restarted the service.\n";
  EXPECT_EQ(type("report " + id.text().substr(0, 6) + " --tasks - --outcome SOLVED --cleanup DONE"), 0) << output.errors;
  EXPECT_EQ(look(id).report->tasks_summary, "Emptied the print queue, restarted the service.");
  EXPECT_EQ(type("status " + id.text() + " --json"), 0);
  EXPECT_EQ(json::parse(output.shown).at("state"), "CLOSED");
}

TEST_F(CommandsTest, a_refusal_by_policy_is_exit_1_and_speaks_the_technicians_language) {
  links.is_up = false;
  EXPECT_EQ(type(request_line), 1);
  EXPECT_EQ(output.errors, "request refused: the practice is not connected at the moment\n  hint: ask the practice to start its agent, then ask again\n");
  EXPECT_EQ(type(request_line, "fr_FR.UTF-8"), 1);
  EXPECT_TRUE(output.errors.starts_with("demande refusée : le cabinet n'est pas connecté")) << output.errors;
  EXPECT_EQ(type(std::string(request_line) + " --json"), 1);
  EXPECT_EQ(json::parse(output.shown).at("error").at("rule"), "AGENT_AWAY");
}

TEST_F(CommandsTest, host_keys_that_the_consent_does_not_name_are_never_printed) {
  ASSERT_EQ(type(request_line), 0);
  const auto id = core->interventions.all_live().begin()->first;
  ASSERT_TRUE(consent(id));
  const auto other = *io::SshHostKey::generate(io::SshHostKeyType::ed25519);
  ASSERT_TRUE(core->practices.offer(practice, {{system, "Dossier patient", "LOCAL", {"shell"}}}, {other.public_key().line()}));
  EXPECT_EQ(type("config"), 1);
  EXPECT_EQ(output.shown.find(other.public_key().base64), std::string::npos);
}

struct Mistake {
  std::string line, says;
  int status;
};
class CommandMistakes : public CommandsTest, public testing::WithParamInterface<Mistake> {};
TEST_P(CommandMistakes, have_their_own_words) {
  EXPECT_EQ(type(GetParam().line), GetParam().status) << output.shown << output.errors;
  EXPECT_NE(output.errors.find(GetParam().says), std::string::npos) << output.errors;
}
INSTANTIATE_TEST_SUITE_P(
    Table, CommandMistakes,
    testing::Values(Mistake{"request", "'request' needs SYSTEM.PRACTICE", 2}, Mistake{"request dossier", "'dossier' is not SYSTEM.PRACTICE", 2},
                    Mistake{"request a.b", "'--reason' is missing", 2},
                    Mistake{"request a.b --reason x --tasks y --ticket t --minutes many", "'--minutes' must be a whole number", 2},
                    Mistake{"request a.b --reason x --tasks y --ticket t --purpose FUN", "'FUN' is not a value of --purpose", 2},
                    Mistake{"request a.b --reason x --tasks y --ticket t --pair Bob!", "'Bob!' is not a login (--pair)", 2},
                    Mistake{"request a.b --reason x --tasks y --ticket t", "--reason must have 10–500 bytes", 2},
                    Mistake{"status 12", "'12' is too short for a number", 2}, Mistake{"status 123456", "no intervention of yours has the number", 1},
                    Mistake{"finish", "none of yours is open", 1}, Mistake{"cancel", "none of yours waits for an answer", 1},
                    Mistake{"report", "none of yours waits for a report", 1}, Mistake{"help nothing", "'nothing' is not a command", 2},
                    Mistake{"systems now", "'now' is one word too many for 'systems'", 2}));

}  // namespace
}  // namespace pontlevis::gateway
