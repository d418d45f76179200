using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Connections;

/// <summary>How one kind of database changes tables that are there.</summary>
internal abstract class SchemaDialect
{
    /// <summary>The first statements of a session that changes tables, and of a script.</summary>
    public abstract IReadOnlyList<string> SessionStatements { get; }

    /// <summary>The statement before the changes of one table, where several statements are to be one.</summary>
    public virtual string? Begin => null;

    /// <summary>The statement after them.</summary>
    public virtual string? Commit => null;

    /// <summary>The statement that undoes them.</summary>
    public virtual string? RollBack => null;

    /// <summary>Alters existing tables to what they would be if created now. Skips missing tables.</summary>
    public abstract Task<IReadOnlyList<TableChange>> PlanAsync(
        StoreConnection connection,
        IEnumerable<TableDefinition> tables);

    /// <summary>The number of a connection's session on the server.</summary>
    public virtual Task<long> SessionOfAsync(StoreConnection connection) => Task.FromResult(0L);

    /// <summary>The present work of a session, in the server's words; null when it does nothing, or is not there.</summary>
    public virtual Task<string?> StateOfAsync(StoreConnection connection, long session) => Task.FromResult<string?>("");

    /// <summary>Ends a session from another connection.</summary>
    public virtual Task EndAsync(StoreConnection connection, long session) => Task.CompletedTask;
}
