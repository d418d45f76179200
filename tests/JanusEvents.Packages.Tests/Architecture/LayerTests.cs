using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Fluent;
using ArchUnitNET.Fluent.Conditions;
using JanusEvents.Packages.Tests.Packing;
using ArchitectureOfPackages = ArchUnitNET.Domain.Architecture;

namespace JanusEvents.Packages.Tests.Architecture;

/// <summary>Packages and the rooms (folders) inside a package depend on each other in one direction only.</summary>
public sealed class LayerTests
{
    // The packages that each package may use.
    private static readonly Dictionary<string, string[]> s_packages = new(StringComparer.Ordinal)
    {
        ["JanusEvents.Core"] = [],
        ["JanusEvents.Monitoring"] = ["JanusEvents.Core"],
        ["JanusEvents.Spool"] = ["JanusEvents.Core"],
        ["JanusEvents.Relational"] = ["JanusEvents.Core", "JanusEvents.Monitoring"],
        ["JanusEvents.MySql"] = ["JanusEvents.Core", "JanusEvents.Relational"],
        ["JanusEvents.Sqlite"] = ["JanusEvents.Core", "JanusEvents.Relational"],
        ["JanusEvents.AspNetCore"] = ["JanusEvents.Core"],
        ["JanusEvents.Dashboard"] = ["JanusEvents.Core", "JanusEvents.Monitoring", "JanusEvents.Relational", "JanusEvents.AspNetCore"],
        ["JanusEvents.Mqtt"] = ["JanusEvents.Core"],
        ["JanusEvents.RabbitMq"] = ["JanusEvents.Core"],
        [PackedPackages.Tool] =
            ["JanusEvents.Core", "JanusEvents.Monitoring", "JanusEvents.Relational", "JanusEvents.MySql", "JanusEvents.Sqlite", "JanusEvents.Spool"],
    };

    // The rooms of each package from the bottom up: a room uses those before it. "" is the root, with the entry points.
    private static readonly Dictionary<string, string[]> s_rooms = new(StringComparer.Ordinal)
    {
        ["JanusEvents.Core"] =
            ["Settings", "Events", "Parsing", "Rooms", "Sinks", "Redaction", "Observation", "Delivery", "Health", ""],
        ["JanusEvents.Monitoring"] = ["Troubles", "Settings", "State", "Detection", "Texts", "Notifications", "Records", "Live", ""],
        ["JanusEvents.Spool"] = [""],
        ["JanusEvents.Relational"] =
        [
            "Tables", "Connections", "Settings", "Bookkeeping", "Schema", "Health", "Reading", "Writing", "Rejected", "Rooms",
            "Records", "Retention", "",
        ],
        ["JanusEvents.MySql"] = [""],
        ["JanusEvents.Sqlite"] = [""],
        ["JanusEvents.AspNetCore"] = ["Requests", "Settings", "Content", "Status", "Receiving", "Mapping", ""],
        ["JanusEvents.Dashboard"] = ["Settings", "Access", "Assets", "Rows", "Views", "Calls", "Queries", "Streams", ""],
        ["JanusEvents.Mqtt"] = ["Settings", "Connections", "Receiving", "Observation", ""],
        ["JanusEvents.RabbitMq"] = ["Settings", "Connections", "Publishing", "Consuming", "Observation", ""],
        [PackedPackages.Tool] = ["Failures", "Output", "EventFiles", "Stores", "Commands", "Arguments", ""],
    };

    private static readonly ArchitectureOfPackages s_architecture = new ArchUnitNET.Loader.ArchLoader()
        .LoadAssemblies([.. s_packages.Keys.Select(System.Reflection.Assembly.Load)])
        .Build();

    public static TheoryData<string> Names { get; } = new([.. PackedPackages.Names, PackedPackages.Tool]);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_uses_only_packages_below_it(string package) => Check(
        package,
        (_, used) => PackageOf(used) is { } other && other != package && !s_packages[package].Contains(other)
            ? $"uses {used.FullName}, but {package} may not use {other}"
            : null);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_room_uses_only_rooms_below_it(string package)
    {
        string[] rooms = s_rooms[package];
        SourceFolders folders = SourceFolders.Of(package);
        folders.Rooms.Should().BeEquivalentTo(rooms, "each folder of a package has its place in this test");

        Check(package, (type, used) =>
        {
            if (PackageOf(used) != package)
                return null;
            (string from, string to) = (folders.RoomOf(type), folders.RoomOf(used));
            return Array.IndexOf(rooms, from) >= Array.IndexOf(rooms, to)
                ? null
                : $"in {Named(from)} uses {used.FullName} in {Named(to)}, which lies above it";
        });
    }

    [Fact]
    public void A_type_of_a_higher_room_is_found()
    {
        // The rule itself, turned upside down: were nothing found here, it could find nothing elsewhere.
        SourceFolders folders = SourceFolders.Of("JanusEvents.Core");

        List<string> found = Violations("JanusEvents.Core", (type, used) =>
            PackageOf(used) == "JanusEvents.Core" && folders.RoomOf(type) == "Delivery" && folders.RoomOf(used) == "Events" ? $"uses {used.Name}" : null);

        found.Should().Contain("JanusEvents.Delivery.FeedReader uses JanusEvent");
    }

    private static string Named(string room) => room.Length == 0 ? "the root" : $"the room {room}";

    private static string? PackageOf(IType type) => s_packages.ContainsKey(type.Assembly.Name) ? type.Assembly.Name : null;

    private static void Check(string package, Func<IType, IType, string?> violation) => Violations(package, violation).Should().BeEmpty();

    private static List<string> Violations(string package, Func<IType, IType, string?> violation)
    {
        ArchUnitNET.Fluent.Syntax.Elements.Types.TypesShouldConjunction rule = ArchRuleDefinition.Types().That()
            .FollowCustomPredicate(type => PackageOf(type) == package, "are of the package")
            .Should().FollowCustomCondition(
                type =>
                {
                    string[] found =
                    [
                        .. type.GetTypeDependencies(s_architecture).Select(used => violation(type, used)).OfType<string>().Distinct(StringComparer.Ordinal),
                    ];
                    return new ConditionResult(type, found.Length == 0, string.Join("; ", found));
                },
                "use only what lies below");
        return
        [
            .. rule.Evaluate(s_architecture).Where(result => !result.Passed)
                .Select(result => result.Description)
                .Order(StringComparer.Ordinal),
        ];
    }
}
