using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Xml.Linq;
using JanusEvents.Packages.Tests.Packing;

namespace JanusEvents.Packages.Tests;

/// <summary>What is in the package of the tool.</summary>
[Collection(PackedPackagesTests.Name)]
public sealed class ToolPackageTests(PackedPackages packages)
{
    private readonly Package _package = packages[PackedPackages.Tool];

    [Fact]
    public void It_is_a_tool_that_brings_all_it_needs()
    {
        _package.Metadata.Descendants().Where(element => element.Name.LocalName == "packageType").Select(type => type.Attribute("name")!.Value)
            .Should().Equal("DotnetTool");
        _package.Dependencies.Should().BeEmpty();
        _package.Files.Should().Contain(["LICENSE", "README.md", "icon.png"]);
        _package.Files.Should().Contain(
        [
            .. new[] { "JanusEvents.Core", "JanusEvents.Relational", "JanusEvents.MySql", "JanusEvents.Sqlite", "MySqlConnector", "System.CommandLine" }
                .Select(assembly => $"{_package.Assemblies}/{assembly}.dll"),
            $"{_package.Assemblies}/runtimes/linux-x64/native/libe_sqlite3.so",
            $"{_package.Assemblies}/runtimes/osx-arm64/native/libe_sqlite3.dylib",
            $"{_package.Assemblies}/runtimes/win-x64/native/e_sqlite3.dll",
        ]);
        _package.Files.Should().NotContain(path => path.EndsWith(".xml", StringComparison.Ordinal) && !path.EndsWith("/DotnetToolSettings.xml", StringComparison.Ordinal));
        _package.Files.Should().NotContain(path => path.Contains("/android", StringComparison.Ordinal) || path.Contains("/ios", StringComparison.Ordinal));
    }

    [Fact]
    public void Its_command_is_janusevents()
    {
        XElement command = XDocument.Load(new MemoryStream(_package.Read($"{_package.Assemblies}/DotnetToolSettings.xml")))
            .Descendants("Command").Should().ContainSingle().Subject;

        command.Attribute("Name")!.Value.Should().Be("janusevents");
        command.Attribute("EntryPoint")!.Value.Should().Be("JanusEvents.Tool.dll");
        command.Attribute("Runner")!.Value.Should().Be("dotnet");
    }

    [Fact]
    public void It_runs_on_a_later_NET_where_its_own_is_not_installed()
    {
        JsonElement options = JsonElement.Parse(_package.Read($"{_package.Assemblies}/JanusEvents.Tool.runtimeconfig.json"))
            .GetProperty("runtimeOptions");

        options.GetProperty("tfm").GetString().Should().Be("net10.0");
        options.GetProperty("rollForward").GetString().Should().Be("Major");
    }

    [Fact]
    public void It_has_no_public_type()
    {
        using PEReader program = new(new MemoryStream(_package.Read($"{_package.Assemblies}/JanusEvents.Tool.dll")));
        MetadataReader reader = program.GetMetadataReader();

        reader.TypeDefinitions.Select(reader.GetTypeDefinition)
            .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
            .Select(type => reader.GetString(type.Name)).Should().BeEmpty();
    }
}
