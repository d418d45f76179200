using System.Data.Common;
using System.Reflection;

namespace JanusEvents.MySql.Tests;

/// <summary>The driver that the tests run with, as a host uses it that brings a data source of its own.</summary>
internal static class DriverOfTests
{
    public static DbProviderFactory Factory { get; } = (DbProviderFactory)(
        Type.GetType("MySqlConnector.MySqlConnectorFactory, MySqlConnector")
        ?? Type.GetType("MySql.Data.MySqlClient.MySqlClientFactory, MySql.Data", throwOnError: true)!)
        .GetField("Instance", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    public static DbDataSource CreateDataSource(string connectionString) => Factory.CreateDataSource(connectionString);
}
