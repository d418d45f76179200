using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace JanusEvents.Tool.Arguments;

/// <summary>Options whose values are numbers or times, with an error that names the value and the form it needs.</summary>
internal static class OptionValue
{
    public static Option<long?> Number(string name, string valueName, string description) =>
        new(name)
        {
            Description = description,
            HelpName = valueName,
            CustomParser = result => Value<long>(
                result,
                text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null,
                "a whole number"),
        };

    public static Option<DateTimeOffset?> Time(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "time",
            CustomParser = result => Value<DateTimeOffset>(result, Iso8601Time.Read, "a time such as 2026-07-01T12:00:00Z"),
        };

    private static T? Value<T>(ArgumentResult result, Func<string, T?> read, string form)
        where T : struct
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (read(text) is { } value)
            return value;

        result.AddError($"\"{text}\" is not {form}, which {(result.Parent as OptionResult)?.Option.Name} needs.");
        return null;
    }
}
