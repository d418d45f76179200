using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Architecture;

/// <summary>
/// The rooms of a package: the folders of its sources. Public types have the namespace <c>JanusEvents</c> wherever they lie, so
/// that a namespace does not tell the room of a type; the file that declares it does.
/// </summary>
internal sealed partial class SourceFolders
{
    private readonly Dictionary<string, string> _roomOfType;

    private SourceFolders(Dictionary<string, string> roomOfType) => _roomOfType = roomOfType;

    /// <summary>The first folder below the project of every source file; empty for the root.</summary>
    public IEnumerable<string> Rooms => _roomOfType.Values.Distinct();

    /// <summary>Reads the sources of a package.</summary>
    public static SourceFolders Of(string package)
    {
        string root = Repository.PathOf("src", package);
        Dictionary<string, string> roomOfType = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string[] parts = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar);
            if (parts[0] is "bin" or "obj")
                continue;

            string text = File.ReadAllText(file);
            string name = Namespace().Match(text).Groups[1].Value;
            foreach (Match type in Declaration().Matches(text))
                roomOfType[$"{name}.{type.Groups[1].Value}"] = parts.Length == 1 ? "" : parts[0];
        }

        return new SourceFolders(roomOfType);
    }

    /// <summary>The room of a type, or of the type that it is nested in; the root for code that the compiler generated.</summary>
    public string RoomOf(IType type)
    {
        string name = type.FullName.Split('+', '`', '<')[0];
        return _roomOfType.GetValueOrDefault(name, "");
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(
        @"^(?:public |internal |file )(?:static |sealed |abstract |readonly |partial |ref )*(?:class|record struct|record|struct|interface|enum|delegate [\w<>?]+) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
