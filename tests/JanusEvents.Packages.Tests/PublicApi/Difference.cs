namespace JanusEvents.Packages.Tests.PublicApi;

/// <summary>The lines that came and went between two texts, each below the line of its type.</summary>
internal static class Difference
{
    /// <summary>"- " and a line that went, "+ " and a line that came; none where the texts are equal.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var (old, now) = (ByType(before), ByType(after));
        var lines = new List<string>();
        foreach (var type in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            var (had, has) = (old.GetValueOrDefault(type, []), now.GetValueOrDefault(type, []));
            string[] changes = [.. had.Except(has).Select(line => "- " + line), .. has.Except(had).Select(line => "+ " + line)];
            if (!old.ContainsKey(type))
                lines.Add("+ " + type);
            else if (!now.ContainsKey(type))
                lines.Add("- " + type);
            else if (changes.Length > 0)
                lines.Add("  " + type);
            lines.AddRange(changes);
        }

        return lines.Count > 0 || before.SequenceEqual(after) ? lines : ["  the same lines in another order"];
    }

    private static Dictionary<string, List<string>> ByType(IEnumerable<string> lines)
    {
        var types = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string> members = [];
        foreach (var line in lines.Where(line => line.Length > 0))
        {
            if (line[0] == ' ')
                members.Add(line);
            else
                types[line] = members = [];
        }

        return types;
    }
}
