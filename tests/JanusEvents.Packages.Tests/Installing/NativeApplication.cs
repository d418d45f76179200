using JanusEvents.Packages.Tests.Packing;
using JanusEvents.Testing;

namespace JanusEvents.Packages.Tests.Installing;

/// <summary>
/// A web application with all packages, compiled to native code once for all tests of a class. Its store comes from the
/// configuration, and what is stored can be read at <c>/events</c>, a line for each event.
/// </summary>
public sealed class NativeApplication : IDisposable
{
    private const string Program = """
        using JanusEvents;
        using JanusEvents.Relational;
        using MySqlConnector;

        var builder = WebApplication.CreateBuilder(args);
        var connectionString = builder.Configuration.GetConnectionString("JanusEvents")!;
        var events = builder.Services.AddJanusEvents();
        if (builder.Configuration["Store"] == "MySql")
        {
            builder.Services.AddMySqlDataSource(connectionString);
            events.AddMySql();
        }
        else
        {
            events.AddSqlite(connectionString);
        }

        if (builder.Configuration["Spool"] is { } spool)
            events.UseSpool(spool);
        builder.Services.AddHealthChecks().AddJanusEvents();

        var app = builder.Build();
        app.MapJanusEvents("/janus/events");
        app.MapHealthChecks("/health");
        app.MapGet("/events", async (HttpContext context, IEventStore store) =>
        {
            await foreach (JanusEvent e in store.ReadAsync(new EventQuery()))
                await context.Response.WriteAsync(e.Json + "\n");
        });
        app.Run();
        """;

    // All of the packages is kept and looked at, not only what this program happens to call.
    private static readonly string s_project = $"""
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
            <PublishAot>true</PublishAot>
            <DebugType>none</DebugType>
            <StripSymbols>false</StripSymbols>
            <TrimmerSingleWarn>false</TrimmerSingleWarn>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="JanusEvents.AspNetCore" Version="*" />
            <PackageReference Include="JanusEvents.Monitoring" Version="*" />
            <PackageReference Include="JanusEvents.MySql" Version="*" />
            <PackageReference Include="JanusEvents.Spool" Version="*" />
            <PackageReference Include="JanusEvents.Sqlite" Version="*" />
          </ItemGroup>
          <ItemGroup>
            <TrimmerRootAssembly Include="{string.Join(';', PackedPackages.Names)}" />
          </ItemGroup>
        </Project>
        """;

    private Task<PackageUser>? _published;

    /// <summary>Starts it; the first to ask waits until it is compiled.</summary>
    /// <param name="packages">The packages of this repository.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">Its configuration.</param>
    /// <exception cref="InvalidOperationException">It cannot be compiled without a warning; the message has the output.</exception>
    public async Task<RunningApplication> StartAsync(PackedPackages packages, string folder, params string[] arguments)
    {
        var user = await (_published ??= PublishAsync(packages.Folder));
        return await RunningApplication.StartAsync([user["published/Host"], .. arguments], folder);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_published is { IsCompletedSuccessfully: true })
            _published.Result.Dispose();
    }

    private static async Task<PackageUser> PublishAsync(string packages)
    {
        var user = await PackageUser.CreateAsync(packages);
        try
        {
            Directory.CreateDirectory(user["Host"]);
            await File.WriteAllTextAsync(user["Host/Program.cs"], Program);
            await File.WriteAllTextAsync(user["Host/Host.csproj"], s_project);
            await user.DotNetAsync("Host", "publish", "-c", "Release", "-o", user["published"]);
            File.Exists(user["published/Host.dll"]).Should().BeFalse("it is native code");
            return user;
        }
        catch
        {
            user.Dispose();
            throw;
        }
    }
}
