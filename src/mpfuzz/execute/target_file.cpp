// This file is long because it contains all keys of target.toml and their checks.
#include <mpfuzz/execute/target_file.h>

#include <mpfuzz/base/file.h>
#include <mpfuzz/base/text.h>
#include <mpfuzz/program/words.h>

#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <regex>
#include <system_error>

namespace mpfuzz::execute {
namespace {

namespace fs = std::filesystem;

using Placeholders = std::vector<std::string>;
const Placeholders FILE_PLACEHOLDERS{"{dir}", "{bin}", "{env:NAME}"};
const Placeholders SOCKET_PLACEHOLDERS{"{work}", "{dir}", "{bin}", "{env:NAME}"};
const Placeholders SPAWN_PLACEHOLDERS{"{work}", "{socket}", "{dir}", "{bin}", "{env:NAME}"};
const Placeholders DRIVER_PLACEHOLDERS{"{socket}", "{seed}", "{dir}", "{bin}", "{env:NAME}"};

//! Reads tables and values of the file. Keeps the first error and ignores later ones.
class Reader
{
public:
    Reader(std::string path, std::string bin_dir) : m_path{std::move(path)}, m_bin_dir{std::move(bin_dir)}
    {
        m_dir = fs::absolute(m_path).parent_path().lexically_normal().string();
    }

    using Keys = std::vector<std::pair<std::string, std::function<void(const toml::node&)>>>;

    void Table(const toml::node& node, const std::string& name, const Keys& keys)
    {
        const toml::table* table{node.as_table()};
        if (!table) return Fail(node, "`" + name + "` must be a table");
        for (const auto& [key, value] : *table) {
            const std::string word{key.str()};
            const auto known{std::find_if(keys.begin(), keys.end(), [&](const auto& k) { return k.first == word; })};
            if (known != keys.end()) {
                known->second(value);
                continue;
            }
            std::vector<std::string> names;
            for (const auto& [k, _] : keys) names.push_back(k);
            Fail(value, "there is no key `" + word + "`" + (name.empty() ? "" : " in [" + name + "]") +
                            base::DidYouMean(word, names));
        }
    }

    void Text(const toml::node& node, std::string& out)
    {
        if (const auto text{node.value_exact<std::string>()})
            out = *text;
        else
            Fail(node, "expected a text in quotes");
    }

    void Texts(const toml::node& node, std::vector<std::string>& out)
    {
        const toml::array* array{node.as_array()};
        if (!array) return Fail(node, "a list of texts was expected, such as [\"a\", \"b\"]");
        for (const toml::node& element : *array) Text(element, out.emplace_back());
    }

    template<typename Number>
    void Count(const toml::node& node, Number& out)
    {
        const auto number{node.value_exact<int64_t>()};
        if (!number || *number < 0 || *number > 1'000'000'000)
            return Fail(node, "a number from 0 to 10^9 was expected");
        out = Number(*number);
    }

    void Kind(const toml::node& node, CoverageKind& out)
    {
        static const std::map<std::string, CoverageKind> KINDS{
            {"agent", CoverageKind::AGENT}, {"afl", CoverageKind::AFL}, {"none", CoverageKind::NONE}};
        std::string word;
        Text(node, word);
        const auto kind{KINDS.find(word)};
        if (kind == KINDS.end()) return Fail(node, "\"agent\", \"afl\" or \"none\" was expected");
        out = kind->second;
    }

    void Signals(const toml::node& node, std::vector<program::Signal::Kind>& out)
    {
        std::vector<std::string> words;
        Texts(node, words);
        for (const std::string& word : words) {
            const auto known{std::ranges::find(program::SIGNAL_WORDS, word)};
            if (known == program::SIGNAL_WORDS.end()) {
                return Fail(node, "\"TERM\", \"INT\" or \"HUP\" was expected, not \"" + word + "\"");
            }
            out.push_back(static_cast<program::Signal::Kind>(known - program::SIGNAL_WORDS.begin()));
        }
    }

    void Rules(const toml::node& node, std::vector<MethodRule>& out)
    {
        const toml::array* array{node.as_array()};
        if (!array) return Fail(node, "a list was expected, such as [{methods = \"Rpc.*\", reason = \"…\"}]");
        for (const toml::node& element : *array) {
            MethodRule& rule{out.emplace_back()};
            Table(element, "rules",
                  {{"methods", [&](const toml::node& n) { Text(n, rule.methods); }},
                   {"reason", [&](const toml::node& n) { Text(n, rule.reason); }}});
            if (rule.methods.empty()) Fail(element, "`methods` is missing");
            if (rule.reason.empty()) Fail(element, "`reason` is missing: it tells the next reader why the rule exists");
        }
    }

    void Postconditions(const toml::node& node, std::vector<PostconditionRule>& out)
    {
        const toml::array* array{node.as_array()};
        if (!array) return Fail(node, "[[postcondition]] was expected, with two brackets: there may be several");
        for (const toml::node& element : *array) {
            PostconditionRule& rule{out.emplace_back()};
            rule.place = PlaceOf(element);
            Table(element, "postcondition",
                  {{"method", [&](const toml::node& n) { Text(n, rule.method); }},
                   {"holds",
                    [&](const toml::node& n) {
                        Text(n, rule.holds);
                        rule.place = PlaceOf(n);
                    }},
                   {"reason", [&](const toml::node& n) { Text(n, rule.reason); }}});
            if (rule.method.empty()) Fail(element, "`method` is missing in [[postcondition]]");
            if (rule.holds.empty()) Fail(element, "`holds` is missing in [[postcondition]]");
            if (rule.reason.empty()) Fail(element, "`reason` is missing: it tells the next reader why the rule exists");
        }
    }

    void Drivers(const toml::node& node, std::vector<DriverRule>& out)
    {
        const toml::table* table{node.as_table()};
        if (!table) return Fail(node, "[drivers] was expected, with a list of words for each: name = [\"program\", …]");
        for (const auto& [key, value] : *table) {
            DriverRule& rule{out.emplace_back()};
            rule.name = key.str();
            Texts(value, rule.command);
            if (rule.command.empty()) Fail(value, "the driver `" + rule.name + "` has no program");
            for (std::string& word : rule.command) word = Expand(word, "[drivers]", DRIVER_PLACEHOLDERS);
        }
    }

    //! Replace {dir}, {bin} and {env:NAME}. {work} and {socket} are replaced at each start of the target.
    //!
    //! @param key    Where the text comes from, for error messages.
    //! @param known  The placeholders that are replaced in this text, now or later. Any other is an error.
    std::string Expand(std::string text, const std::string& key, const Placeholders& known)
    {
        CheckPlaceholders(text, key, known);
        base::ReplaceAll(text, "{dir}", m_dir);
        base::ReplaceAll(text, "{bin}", m_bin_dir);
        for (size_t at; (at = text.find("{env:")) != std::string::npos;) {
            const size_t end{text.find('}', at)};
            const std::string name{text.substr(at + 5, end == std::string::npos ? end : end - at - 5)};
            const char* value{end == std::string::npos ? nullptr : std::getenv(name.c_str())};
            if (!value) {
                FailText("the environment variable " + name + " is not set, but `" + text + "` needs it");
                return {};
            }
            text.replace(at, end - at + 1, value);
        }
        return text;
    }

    //! Make a path absolute; relative paths start at the directory of the target file.
    std::string File(const std::string& text, const std::string& key)
    {
        const std::string expanded{Expand(text, key, FILE_PLACEHOLDERS)};
        return expanded.empty() ? expanded : (fs::path{m_dir} / expanded).lexically_normal().string();
    }

    void Fail(const toml::node& node, const std::string& message)
    {
        if (m_error.empty()) m_error = PlaceOf(node) + ": " + message;
    }
    void FailText(const std::string& message)
    {
        if (m_error.empty()) m_error = m_path + ": " + message;
    }
    const std::string& Error() const { return m_error; }

private:
    void CheckPlaceholders(const std::string& text, const std::string& key, const Placeholders& known)
    {
        static const std::regex PLACEHOLDER{R"((\$?)\{([a-z_]+)(:[A-Za-z0-9_]*)?\})"};
        for (std::sregex_iterator at{text.begin(), text.end(), PLACEHOLDER}; at != std::sregex_iterator{}; ++at) {
            const std::smatch& found{*at};
            const std::string shape{"{" + found.str(2) + (found[3].matched ? ":NAME}" : "}")};
            // `${name}` is the shell's.
            if (found.length(1) != 0 || std::ranges::find(known, shape) != known.end()) continue;
            FailText("there is no placeholder `" + found.str() + "` in " + key + base::DidYouMean(shape, known) +
                     " (to write braces themselves, put a space behind the first)");
        }
    }

    std::string PlaceOf(const toml::node& node) const
    {
        const auto& begin{node.source().begin};
        return m_path + ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column);
    }

    std::string m_path;
    std::string m_bin_dir;
    std::string m_dir;
    std::string m_error;
};

void ReadSpawn(Reader& in, const toml::node& node, SpawnRule& spawn)
{
    in.Table(node, "spawn",
             {{"command", [&](const toml::node& n) { in.Texts(n, spawn.command); }},
              {"version_command", [&](const toml::node& n) { in.Texts(n, spawn.version_command); }},
              {"environment",
               [&](const toml::node& n) {
                   if (!n.is_table()) return in.Fail(n, "a table was expected, such as {NAME = \"value\"}");
                   for (const auto& [key, value] : *n.as_table())
                       in.Text(value, spawn.environment[std::string{key.str()}]);
               }},
              {"socket", [&](const toml::node& n) { in.Text(n, spawn.socket); }},
              {"template", [&](const toml::node& n) { in.Text(n, spawn.template_dir); }},
              {"log_files", [&](const toml::node& n) { in.Texts(n, spawn.log_files); }},
              {"coverage", [&](const toml::node& n) { in.Kind(n, spawn.coverage); }},
              {"ready_ms", [&](const toml::node& n) { in.Count(n, spawn.ready); }}});
    if (spawn.command.empty()) in.Fail(node, "`command` is missing or empty in [spawn]");
    for (std::string& word : spawn.command) word = in.Expand(word, "`command`", SPAWN_PLACEHOLDERS);
    for (std::string& word : spawn.version_command) word = in.Expand(word, "`version_command`", FILE_PLACEHOLDERS);
    for (auto& [_, value] : spawn.environment) value = in.Expand(value, "`environment`", SPAWN_PLACEHOLDERS);
    for (std::string& file : spawn.log_files) file = in.Expand(file, "`log_files`", SPAWN_PLACEHOLDERS);
    spawn.socket = in.Expand(spawn.socket, "`socket`", SOCKET_PLACEHOLDERS);
    spawn.template_dir = in.File(spawn.template_dir, "`template`");
}

void ReadAll(Reader& in, const toml::table& root, TargetFile& out)
{
    in.Table(
        root, "",
        {{"name", [&](const toml::node& n) { in.Text(n, out.name); }},
         {"schema",
          [&](const toml::node& n) {
              in.Table(n, "schema",
                       {{"files", [&](const toml::node& m) { in.Texts(m, out.schema_files); }},
                        {"import_paths", [&](const toml::node& m) { in.Texts(m, out.import_paths); }},
                        {"main_interface", [&](const toml::node& m) { in.Text(m, out.main_interface); }}});
          }},
         {"spawn", [&](const toml::node& n) { ReadSpawn(in, n, out.spawn.emplace()); }},
         {"attach",
          [&](const toml::node& n) {
              in.Table(n, "attach", {{"socket", [&](const toml::node& m) { in.Text(m, out.attach_socket); }}});
          }},
         {"rules",
          [&](const toml::node& n) {
              in.Table(n, "rules",
                       {{"domains", [&](const toml::node& m) { in.Texts(m, out.domains); }},
                        {"allowed", [&](const toml::node& m) { in.Rules(m, out.allowed); }},
                        {"denied", [&](const toml::node& m) { in.Rules(m, out.denied); }},
                        {"may_block", [&](const toml::node& m) { in.Texts(m, out.may_block); }},
                        {"in_order_by", [&](const toml::node& m) { in.Texts(m, out.in_order_by); }},
                        {"deterministic", [&](const toml::node& m) { in.Texts(m, out.deterministic); }},
                        {"signals", [&](const toml::node& m) { in.Signals(m, out.rules.signals); }}});
          }},
         {"drivers", [&](const toml::node& n) { in.Drivers(n, out.drivers); }},
         {"postcondition", [&](const toml::node& n) { in.Postconditions(n, out.postconditions); }},
         {"limits",
          [&](const toml::node& n) {
              in.Table(n, "limits",
                       {{"reply_ms", [&](const toml::node& m) { in.Count(m, out.rules.reply); }},
                        {"program_ms", [&](const toml::node& m) { in.Count(m, out.rules.program); }},
                        {"bootstrap_ms", [&](const toml::node& m) { in.Count(m, out.rules.bootstrap); }},
                        {"end_ms", [&](const toml::node& m) { in.Count(m, out.rules.end); }},
                        {"canary_ms", [&](const toml::node& m) { in.Count(m, out.rules.canary); }},
                        {"left_threads", [&](const toml::node& m) { in.Count(m, out.rules.left_threads); }},
                        {"left_descriptors", [&](const toml::node& m) { in.Count(m, out.rules.left_descriptors); }},
                        {"left_memory_mb", [&](const toml::node& m) { in.Count(m, out.rules.left_memory_mb); }},
                        {"peak_threads", [&](const toml::node& m) { in.Count(m, out.rules.peak_threads); }},
                        {"max_steps", [&](const toml::node& m) { in.Count(m, out.rules.max_steps); }},
                        {"max_connections", [&](const toml::node& m) { in.Count(m, out.rules.max_connections); }}});
          }},
         {"reset", [&](const toml::node& n) {
              in.Table(n, "reset", {{"restart_every", [&](const toml::node& m) { in.Count(m, out.restart_every); }}});
          }}});
}

//! All methods that one of the globs matches. A glob without a match is probably a typo, or the schema has changed.
base::Result<std::vector<schema::MethodRef>> FindMethods(const schema::Schema& schema,
                                                         const std::vector<std::string>& globs)
{
    std::vector<schema::MethodRef> methods;
    for (const std::string& glob : globs) {
        const auto matched{schema.MatchMethods(glob)};
        if (matched.empty()) {
            std::vector<std::string> names;
            for (const schema::MethodRef method : schema.MatchMethods("*")) names.push_back(schema.MethodName(method));
            return base::Error{"no method matches `" + glob + "`" + base::DidYouMean(glob, names)};
        }
        methods.insert(methods.end(), matched.begin(), matched.end());
    }
    return methods;
}

std::vector<std::string> Globs(const std::vector<MethodRule>& rules)
{
    std::vector<std::string> globs;
    for (const MethodRule& rule : rules) globs.push_back(rule.methods);
    return globs;
}

} // namespace

base::Result<TargetFile> LoadTargetFile(const std::string& given, const std::string& bin_dir)
{
    std::error_code error;
    const std::string path{fs::is_directory(given, error) ? (fs::path{given} / "target.toml").string() : given};
    if (!fs::exists(path, error)) return base::Error{path + ": there is no such target file"};
    const auto text{base::ReadFile(path)};
    if (!text) return text.GetError();
    toml::table root;
    try {
        root = toml::parse(*text, path);
    } catch (const toml::parse_error& mistake) {
        const auto& begin{mistake.source().begin};
        return base::Error{path + ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column) + ": " +
                           std::string{mistake.description()}};
    }

    Reader in{path, bin_dir};
    TargetFile out;
    out.path = path;
    ReadAll(in, root, out);
    for (std::string& file : out.schema_files) file = in.File(file, "`files`");
    for (std::string& dir : out.import_paths) dir = in.File(dir, "`import_paths`");
    out.attach_socket = in.File(out.attach_socket, "`socket`");
    if (out.name.empty()) out.name = fs::absolute(path).parent_path().filename().string();
    if (out.schema_files.empty()) in.FailText("`files` is missing in [schema]");
    if (out.main_interface.empty()) in.FailText("`main_interface` is missing in [schema]");
    if (!out.spawn == out.attach_socket.empty()) in.FailText("exactly one of [spawn] and [attach] is needed");
    if (out.rules.max_steps == 0 || out.rules.max_connections == 0)
        in.FailText("max_steps and max_connections must be at least 1");
    if (!in.Error().empty()) return base::Error{in.Error()};
    return out;
}

base::Status ResolveRules(TargetFile& file, const schema::Schema& schema, const std::vector<std::string>& only)
{
    const auto main{schema.FindInterface(file.main_interface)};
    if (!main) {
        std::vector<std::string> names;
        for (const auto& interface : schema.Interfaces()) names.push_back(interface.name);
        return base::Error{"the schema has no interface `" + file.main_interface + "` (main_interface in [schema])" +
                           base::DidYouMean(file.main_interface, names)};
    }
    file.rules.main_interface = *main;

    std::vector<schema::MethodRef> allowed;
    const std::vector<std::pair<std::vector<std::string>, std::vector<schema::MethodRef>*>> lists{
        {Globs(file.denied), &file.rules.denied},
        {Globs(file.allowed), &allowed},
        {file.may_block, &file.rules.may_block},
        {only, &file.rules.only},
        {file.deterministic, &file.rules.deterministic}};
    for (const auto& [globs, methods] : lists) {
        auto found{FindMethods(schema, globs)};
        if (!found) return found.GetError();
        *methods = std::move(*found);
    }
    if (allowed.empty()) return base::Ok();
    for (const schema::MethodRef method : schema.MatchMethods("*")) {
        if (std::ranges::find(allowed, method) == allowed.end()) file.rules.denied.push_back(method);
    }
    return base::Ok();
}

} // namespace mpfuzz::execute
