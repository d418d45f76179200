using System.CommandLine;
using JanusEvents.Tool.Arguments;

namespace JanusEvents.Tool.Tests;

/// <summary>What <c>--help</c> shows of each command.</summary>
public sealed class CommandHelpTests
{
    public static TheoryData<string> Commands { get; } = new(PathsOf(new CommandLine([]).Root(), ""));

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_help_of_a_command_has_its_description_every_option_an_example_and_the_exit_codes(string path)
    {
        using StringWriter output = new();
        ParseResult result = new CommandLine([]).Root().Parse([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        result.Errors.Should().BeEmpty();
        result.Invoke(new InvocationConfiguration { Output = output }).Should().Be(0);

        var command = result.CommandResult.Command;
        var help = output.ToString();
        help.Should().Contain(command.Description).And.Contain($"janusevents {path}".TrimEnd());
        foreach (var symbol in command.Options.Cast<Symbol>().Concat(command.Arguments).Concat(command.Subcommands))
            help.Should().Contain(symbol.Name).And.Contain(symbol.Description);
        help.Should().Contain("--store <sqlite|mysql>").And.Contain("--connection <connection string>");
        help.Split('\n').SkipWhile(line => !line.StartsWith("Example", StringComparison.Ordinal)).Skip(1).First()
            .Should().Contain($"janusevents {path}");
        help.Should().Contain("  0    ").And.Contain("  1    ").And.Contain("  130  ");
    }

    [Fact]
    public void All_commands_are_there() =>
        Commands.Select(row => row.Data).Should().BeEquivalentTo(
            "", "export", "import", "schema", "schema upgrade", "rebuild", "rebuild records", "rejected", "rejected list", "rejected retry",
            "janus-config", "janus-config http", "janus-config websocket", "janus-config rabbitmq", "janus-config mqtt");

    private static IEnumerable<string> PathsOf(Command command, string path) =>
        command.Subcommands.SelectMany(sub => PathsOf(sub, $"{path} {sub.Name}".TrimStart())).Prepend(path);
}
