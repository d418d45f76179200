namespace JanusEvents.Testing;

/// <summary>An empty database of its own on a <see cref="DatabaseServer"/>.</summary>
/// <param name="Server">The server that it is on.</param>
/// <param name="Name">Its name.</param>
public sealed record MariaDbDatabase(DatabaseServer Server, string Name)
{
    /// <summary>How MySqlConnector connects to it.</summary>
    public string ConnectionString => Server.ConnectionString(Name);

    /// <inheritdoc cref="DatabaseServer.QueryAsync"/>
    public Task<IReadOnlyList<string?[]>> QueryAsync(string sql) => Server.QueryAsync(sql, Name);

    /// <inheritdoc cref="DatabaseServer.RunScriptAsync"/>
    public Task RunScriptAsync(string script) => Server.RunScriptAsync(script, Name);

    /// <summary>The first value of the first row that a statement gives.</summary>
    public async Task<string?> ValueAsync(string sql) => (await QueryAsync(sql).ConfigureAwait(false))[0][0];
}
