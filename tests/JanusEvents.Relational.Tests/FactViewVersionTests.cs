using System.Security.Cryptography;
using System.Text;
using JanusEvents.MySql;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using JanusEvents.Sqlite;

namespace JanusEvents.Relational.Tests;

/// <summary>Databases keep the views that they have until the version grows.</summary>
public sealed class FactViewVersionTests
{
    /// <summary>What each version selects, as the first digits of a hash.</summary>
    private static readonly Dictionary<long, string> s_versions = new()
    {
        [2] = "82172263221740bc",
    };

    [Fact]
    public void A_change_of_the_views_has_a_version_of_its_own()
    {
        var selects = new SqlDialect[] { new SqliteDialect(), new MySqlDialect() }.SelectMany(d => new FactViews(d).All).Select(v => v.Select);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', selects))))[..16];

        s_versions[FactViews.Version].Should().Be(hash, "views that changed need a higher FactViews.Version, and a line here");
    }
}
