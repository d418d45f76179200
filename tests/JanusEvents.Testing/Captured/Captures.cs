using System.IO.Compression;
using Xunit;

namespace JanusEvents.Testing;

/// <summary>The event streams recorded from a real Janus, one zip per scenario, in tests/data/captures.</summary>
public static class Captures
{
    private const string Long = "12-load";

    // Rooms with all that happens in them, events of a user's own, statistics that are an array, and no server name.
    private static readonly string[] s_different = ["03-videoroom", "06b-external-events", "07c-plain-combined-stats-no-server-name"];

    private static readonly string Folder = Repository.PathOf("tests", "data", "captures");

    /// <summary>The captures' names without <c>.zip</c>, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.zip").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    /// <summary>The names of those of some hundred bodies at most.</summary>
    public static IEnumerable<string> ShortOnes => Names.Where(name => name != Long);

    /// <summary>The names as the data of a theory: <c>[MemberData(nameof(Captures.All), MemberType = typeof(Captures))]</c>.</summary>
    public static TheoryData<string> All => [.. Names];

    /// <summary>As <see cref="All"/>, for a theory that takes long with the long one: with that it is of the category Slow.</summary>
    public static IEnumerable<TheoryDataRow<string>> AllWithTheLongOneSlow => Rows(name => name == Long);

    /// <summary>
    /// As <see cref="All"/>, for a theory that another database has had with every capture: those that have little of their own
    /// are of the category Slow.
    /// </summary>
    public static IEnumerable<TheoryDataRow<string>> AllWithMostOfThemSlow => Rows(name => !s_different.Contains(name));

    /// <summary>The bodies of a capture in the order of their arrival, read one after the other from the zip.</summary>
    public static IEnumerable<CapturedBody> Bodies(string capture)
    {
        using var zip = Open(capture);
        var entries = zip.Entries.Where(e => IsBody(e.Name)).OrderBy(e => e.Name, StringComparer.Ordinal);
        foreach (var entry in entries)
            yield return new CapturedBody(capture, entry.Name, Read(entry));
    }

    /// <summary>One body by its file name.</summary>
    public static CapturedBody Body(string capture, string fileName)
    {
        using var zip = Open(capture);
        var entry = zip.GetEntry(fileName)
            ?? throw new FileNotFoundException($"The capture {capture} has no file {fileName}.");
        return new CapturedBody(capture, fileName, Read(entry));
    }

    /// <summary>
    /// The events of a capture in the order of their arrival, each the bytes that Janus sent
    /// (of an indented body without its line breaks).
    /// </summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Events(string capture)
    {
        using var zip = Open(capture);
        var lines = Read(zip.GetEntry("events.ndjson")
            ?? throw new FileNotFoundException($"The capture {capture} has no events.ndjson."));
        for (var start = 0; start < lines.Length;)
        {
            var length = lines.AsSpan(start).IndexOf((byte)'\n');
            var end = length < 0 ? lines.Length : start + length;
            yield return lines.AsMemory(start..end);
            start = end + 1;
        }
    }

    private static IEnumerable<TheoryDataRow<string>> Rows(Func<string, bool> isSlow) => Names.Select(name =>
        isSlow(name) ? new TheoryDataRow<string>(name).WithTrait("Category", "Slow") : new TheoryDataRow<string>(name));

    // What Janus's handlers for brokers sent lies beside them: a broker delivers some of it twice, as no other test expects.
    private static ZipArchive Open(string capture) => ZipFile.OpenRead(
        new[] { Folder, Repository.PathOf("tests", "data", "brokers"), Repository.PathOf("tests", "data", "troubles") }.Select(folder => Path.Combine(folder, capture + ".zip")).First(File.Exists));

    private static bool IsBody(string name) =>
        (name.StartsWith("post-", StringComparison.Ordinal) || name.StartsWith("msg-", StringComparison.Ordinal))
        && (name.EndsWith(".json", StringComparison.Ordinal) || name.EndsWith(".json.gz", StringComparison.Ordinal));

    private static byte[] Read(ZipArchiveEntry entry)
    {
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }
}
