using System.Text.RegularExpressions;
using System.Xml.Linq;
using JanusEvents.Events;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Tests.Pages;

/// <summary>The documentation of the records as the words of a table or column that <see cref="TableTexts"/> lacks.</summary>
internal static partial class RecordTexts
{
    private static readonly Dictionary<string, string> s_summaries =
        XDocument.Load(Path.ChangeExtension(typeof(JanusEvent).Assembly.Location, ".xml")).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => (string)member.Attribute("name")!, member => Markdown(member.Element("summary")!));

    /// <summary>The summary of a table's record.</summary>
    public static string? Of(string table) => RecordOf(table) is { } record ? s_summaries[$"T:{record}"] : null;

    /// <summary>The summary of the property that has the name of the column's JSON property in it.</summary>
    public static string? Of(string table, string column)
    {
        var path = EventTables.All.FirstOrDefault(t => t.Name == table)?.EventColumns.FirstOrDefault(c => c.Name == column)?.Path;
        return path is null || RecordOf(table) is not { } record
            ? null
            : s_summaries.SingleOrDefault(s => s.Key.StartsWith($"P:{record}.", StringComparison.Ordinal) && s.Value.Contains($"(`{path.Split('.', 2)[^1]}`)", StringComparison.Ordinal)).Value;
    }

    private static string? RecordOf(string table) => EventKinds.All.FirstOrDefault(kind => kind.Table == table)?.Record.FullName;

    private static string Markdown(XElement summary) =>
        Space().Replace(string.Concat(summary.Nodes().Select(node => node is XElement { Name.LocalName: "c", Value: var code } ? $"`{code}`" : (node as XText)?.Value)), " ").Trim();

    [GeneratedRegex("\\s+")]
    private static partial Regex Space();
}
