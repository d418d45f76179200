namespace JanusEvents.Observation;

/// <summary>Asks a store whether it can be reached.</summary>
internal interface IStoreQuestion
{
    /// <summary>How messages call the store.</summary>
    string Name { get; }

    /// <summary>A sentence for each thing that is wrong with it at present although it can be reached.</summary>
    IReadOnlyList<string> Troubles { get; }

    /// <summary>Asks it something short.</summary>
    /// <returns>A task that ends when it has answered, and fails when it cannot; perhaps only after seconds.</returns>
    Task AskAsync();
}
