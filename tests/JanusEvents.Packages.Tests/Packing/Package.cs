using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace JanusEvents.Packages.Tests.Packing;

/// <summary>One package and the package of its symbols, as files in a folder.</summary>
/// <param name="folder">Where they lie; there is one version of them.</param>
/// <param name="name">The package's name.</param>
public sealed class Package(string folder, string name)
{
    private static readonly Guid SourceLinkKind = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private readonly string _package = Directory.GetFiles(folder, $"{name}.?.?.?*.nupkg").Single();

    private string Symbols => Path.ChangeExtension(_package, ".snupkg");

    /// <summary>The folder in it that has its assembly, and for a tool all that the tool needs.</summary>
    public string Assemblies => name == PackedPackages.Tool ? "tools/net10.0/any" : "lib/net10.0";

    /// <summary>The paths of the files in it, without the container's own.</summary>
    public IReadOnlyList<string> Files => FilesOf(_package);

    /// <summary>The paths of the files in the package of its symbols, likewise.</summary>
    public IReadOnlyList<string> SymbolFiles => FilesOf(Symbols);

    /// <summary>The metadata of its nuspec, and of that of its symbols.</summary>
    public XElement Metadata => MetadataOf(_package);

    /// <inheritdoc cref="Metadata"/>
    public XElement SymbolMetadata => MetadataOf(Symbols);

    /// <summary>The bytes of a file in it.</summary>
    public byte[] Read(string path) => Read(_package, path);

    /// <summary>The value of an element of the nuspec; null where it has none.</summary>
    public string? this[string element] => Metadata.Element(Metadata.Name.Namespace + element)?.Value;

    /// <summary>Each dependency as "framework: name version".</summary>
    public IReadOnlyList<string> Dependencies =>
    [
        .. from dependency in Metadata.Descendants(Metadata.Name.Namespace + "dependency")
           select $"{dependency.Parent!.Attribute("targetFramework")?.Value}: {dependency.Attribute("id")!.Value} {dependency.Attribute("version")!.Value}",
    ];

    /// <summary>An attribute of the nuspec's <c>repository</c> element; null where it has none.</summary>
    public string? OfRepository(string attribute) =>
        Metadata.Element(Metadata.Name.Namespace + "repository")?.Attribute(attribute)?.Value;

    /// <summary>Whether the compiler says of the assembly that the same sources give the same bytes.</summary>
    public bool IsReproducible
    {
        get
        {
            using var assembly = new PEReader(new MemoryStream(Read($"{Assemblies}/{name}.dll")));
            return assembly.ReadDebugDirectory().Any(entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        }
    }

    /// <summary>The paths of the sources that the symbols name.</summary>
    public IReadOnlyList<string> SourcePaths => ReadSymbols<IReadOnlyList<string>>(
        reader => [.. reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name))]);

    /// <summary>The Source Link of the symbols; null where they have none.</summary>
    public string? SourceLink => ReadSymbols(
        reader => (from handle in reader.CustomDebugInformation
                   let information = reader.GetCustomDebugInformation(handle)
                   where reader.GetGuid(information.Kind) == SourceLinkKind
                   select Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value))).SingleOrDefault());

    private T ReadSymbols<T>(Func<MetadataReader, T> read)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Read(Symbols, $"{Assemblies}/{name}.pdb")));
        return read(provider.GetMetadataReader());
    }

    private static List<string> FilesOf(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Select(entry => entry.FullName)
            .Where(path => path != "[Content_Types].xml" && !path.StartsWith("_rels/", StringComparison.Ordinal) && !path.StartsWith("package/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
    }

    private XElement MetadataOf(string package) =>
        XDocument.Load(new MemoryStream(Read(package, $"{name}.nuspec"))).Root!.Elements().Single(element => element.Name.LocalName == "metadata");

    private static byte[] Read(string package, string path)
    {
        using var archive = ZipFile.OpenRead(package);
        using var content = archive.GetEntry(path)?.Open() ?? throw new FileNotFoundException($"{package} has no {path}.");
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
