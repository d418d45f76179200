using System.Buffers.Binary;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using JanusEvents.Packages.Tests.Packing;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests;

/// <summary>What is in the packages that <c>dotnet pack JanusEvents.Core.sln</c> makes.</summary>
[Collection(PackedPackagesTests.Name)]
public sealed partial class PackageTests(PackedPackages packages)
{
    public static TheoryData<string> Names { get; } = new(PackedPackages.Names);

    public static TheoryData<string> NamesWithTool { get; } = new([.. PackedPackages.Names, PackedPackages.Tool]);

    // A name alone is a package of this repository, which goes with exactly its own version of the others.
    public static TheoryData<string, string[]> Dependencies { get; } = new()
    {
        {
            "JanusEvents.Core",
            [
                "Microsoft.Extensions.Configuration.Binder", "Microsoft.Extensions.DependencyInjection.Abstractions",
                "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Hosting.Abstractions",
                "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options",
            ]
        },
        { "JanusEvents.Monitoring", ["JanusEvents.Core"] },
        { "JanusEvents.Spool", ["JanusEvents.Core", "Microsoft.Data.Sqlite.Core", "SQLitePCLRaw.bundle_e_sqlite3"] },
        { "JanusEvents.Relational", ["JanusEvents.Core", "JanusEvents.Monitoring"] },
        { "JanusEvents.MySql", ["JanusEvents.Relational", "MySqlConnector"] },
        { "JanusEvents.Sqlite", ["JanusEvents.Relational", "Microsoft.Data.Sqlite.Core", "SQLitePCLRaw.bundle_e_sqlite3"] },
        { "JanusEvents.AspNetCore", ["JanusEvents.Core"] },
        { "JanusEvents.Dashboard", ["JanusEvents.AspNetCore", "JanusEvents.Relational"] },
        { "JanusEvents.Mqtt", ["JanusEvents.Core", "MQTTnet"] },
        { "JanusEvents.RabbitMq", ["JanusEvents.Core", "RabbitMQ.Client"] },
    };

    private static string Version { get; } =
        XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;

    [Fact]
    public void Every_package_is_packed_with_its_symbols()
    {
        Directory.GetFiles(packages.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).Should().Equal(
            PackedPackages.Names.Append(PackedPackages.Tool).SelectMany(name => new[] { $"{name}.{Version}.nupkg", $"{name}.{Version}.snupkg" }).Order(StringComparer.Ordinal));
        packages.Output.Should().NotContain(line => line.Contains("warning", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [MemberData(nameof(NamesWithTool))]
    public void A_package_says_what_it_is(string name)
    {
        var package = packages[name];

        package["id"].Should().Be(name);
        package["version"].Should().Be(Version);
        package["authors"].Should().Be("The JanusEvents authors");
        package["license"].Should().Be("MIT");
        package["readme"].Should().Be("README.md");
        package["icon"].Should().Be("icon.png");
        package["tags"].Should().Contain("janus").And.Contain("webrtc");
        package["copyright"].Should().NotBeNullOrEmpty();
        package["description"].Should().NotBeNullOrEmpty().And.NotBe("Package Description").And.EndWith(".");
        packages.Output.Should().Contain(line => line.Contains($"{name}.{Version}.nupkg", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_holds_the_assembly_with_its_documentation_the_readme_the_licence_and_the_icon(string name)
    {
        var package = packages[name];

        // What is compiled into the page comes with its licence.
        string[] licences = name == "JanusEvents.Dashboard" ? ["licenses/uPlot.LICENSE.txt"] : [];
        package.Files.Should().Equal(
            [$"{name}.nuspec", "LICENSE", "README.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml", .. licences]);
        package.SymbolFiles.Should().Equal($"{name}.nuspec", $"lib/net10.0/{name}.pdb");
        package.Read("README.md").Should().Equal(File.ReadAllBytes(Repository.PathOf("README.md")));
        package.Read("LICENSE").Should().Equal(File.ReadAllBytes(Repository.PathOf("LICENSE")));

        var icon = package.Read("icon.png");
        icon.AsSpan(0, 8).ToArray().Should().Equal(0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n');
        BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)).Should().Be(128, "nuget.org shows icons of 128 by 128");
        BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20)).Should().Be(128);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_public_type_is_documented(string name)
    {
        var documented = XDocument.Load(new MemoryStream(packages[name].Read($"lib/net10.0/{name}.xml")))
            .Descendants("member").Select(member => member.Attribute("name")!.Value).ToHashSet(StringComparer.Ordinal);

        Assembly.Load(name).GetExportedTypes().Select(type => "T:" + type.FullName!.Replace('+', '.'))
            .Where(type => !documented.Contains(type)).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Dependencies))]
    public void A_package_depends_on_these_and_no_others(string name, string[] dependencies)
    {
        packages[name].Dependencies.Should().Equal(dependencies.Select(
            dependency => $"net10.0: {dependency} {(PackedPackages.Names.Contains(dependency) ? $"[{Version}]" : Pinned(dependency))}"));
    }

    [Fact]
    public void Only_the_endpoint_and_the_page_need_ASP_NET_Core()
    {
        PackedPackages.Names
            .Where(name => packages[name].Metadata.Descendants().Any(element => element.Attribute("name")?.Value == "Microsoft.AspNetCore.App"))
            .Should().Equal("JanusEvents.AspNetCore", "JanusEvents.Dashboard");
    }

    [Fact]
    public void Only_JanusEvents_MySql_refers_to_the_driver_of_MySQL()
    {
        PackedPackages.Names
            .Where(name => Assembly.Load(name).GetReferencedAssemblies().Any(assembly => assembly.Name == "MySqlConnector"))
            .Should().Equal("JanusEvents.MySql");
    }

    [Theory]
    [MemberData(nameof(NamesWithTool))]
    public void A_build_does_not_depend_on_where_the_repository_lies(string name)
    {
        packages[name].IsReproducible.Should().BeTrue();
        packages[name].SourcePaths.Should().Contain(path => path.StartsWith("/_/src/" + name, StringComparison.Ordinal));
        packages[name].SourcePaths.Should().NotContain(path => path.Contains(Repository.Root, StringComparison.Ordinal));
        Encoding.UTF8.GetString(packages[name].Read($"{packages[name].Assemblies}/{name}.dll")).Should().NotContain(Repository.Root);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_assembly_says_that_it_can_be_trimmed_and_compiled_ahead_of_time(string name)
    {
        Assembly.Load(name).GetCustomAttributes<AssemblyMetadataAttribute>().Select(metadata => $"{metadata.Key}: {metadata.Value}")
            .Should().Contain("IsTrimmable: True").And.Contain("IsAotCompatible: True");
    }

    [Fact]
    public void The_change_log_has_a_heading_for_the_version()
    {
        var headings = ChangeLogHeading().Matches(File.ReadAllText(Repository.PathOf("CHANGELOG.md"))).Select(match => match.Groups[1].Value);

        headings.Should().Contain(Version);
    }

    private static string Pinned(string package) =>
        XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
            .Single(pinned => pinned.Attribute("Include")!.Value == package).Attribute("Version")!.Value;

    [GeneratedRegex(@"^## \[?([0-9][^\s\],]*)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ChangeLogHeading();
}
