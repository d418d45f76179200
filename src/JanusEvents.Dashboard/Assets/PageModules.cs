using System.Text;

namespace JanusEvents.Dashboard.Assets;

/// <summary>
/// Joins the modules of the page into one, without comments and indentation: a browser asks once instead of twenty times, and one file
/// compresses to two thirds of many. Each module is a valid ES module by itself; two rules make joining as simple as it is here: an import
/// is one line, with a relative name and without renaming, and no two modules declare the same name at their top level (a browser then
/// refuses the whole, which the tests of the page see).
/// </summary>
internal static class PageModules
{
    private const string Entry = "app.js";
    private const string Style = "style.css";
    private const string ImportBegin = "import ";
    private const string ImportFrom = " from \"./";
    private const string Export = "export ";

    /// <summary>The files with one module in the place of those that are joined. Files that no module imports stay as they are.</summary>
    public static Dictionary<string, byte[]> Join(IReadOnlyDictionary<string, byte[]> files)
    {
        StringBuilder joined = new();
        HashSet<string> seen = new(StringComparer.Ordinal);
        Append(Entry, files, seen, joined);
        Dictionary<string, byte[]> result = files.Where(file => !seen.Contains(file.Key)).ToDictionary(StringComparer.Ordinal);
        result[Entry] = Encoding.UTF8.GetBytes(joined.ToString());
        result[Style] = Encoding.UTF8.GetBytes(string.Concat(Lines(files[Style]).Select(line => line + '\n')));
        return result;
    }

    // A module stands behind those that it imports.
    private static void Append(string name, IReadOnlyDictionary<string, byte[]> files, HashSet<string> seen, StringBuilder joined)
    {
        if (!seen.Add(name))
            return;
        List<string> own = [];
        foreach (string line in Lines(files[name]))
        {
            int from = line.IndexOf(ImportFrom, StringComparison.Ordinal);
            if (line.StartsWith(ImportBegin, StringComparison.Ordinal) && from > 0)
                Append(line[(from + ImportFrom.Length)..line.LastIndexOf('"')], files, seen, joined);
            else
                own.Add(line.StartsWith(Export, StringComparison.Ordinal) ? line[Export.Length..] : line);
        }

        foreach (string line in own)
            joined.Append(line).Append('\n');
    }

    // Only comments that are whole lines are left out; one behind code stays.
    private static IEnumerable<string> Lines(byte[] content)
    {
        bool inComment = false;
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            bool isComment = inComment || line.StartsWith("/*", StringComparison.Ordinal);
            inComment = isComment && !line.EndsWith("*/", StringComparison.Ordinal);
            if (!isComment && !line.StartsWith("//", StringComparison.Ordinal))
                yield return line;
        }
    }
}
