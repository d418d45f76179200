namespace JanusEvents.Events.Json;

/// <summary>A property with one value, which has a column.</summary>
internal abstract class ValueProperty<TOwner>(string name, string column, ValueForm form) : Property<TOwner>(name)
    where TOwner : class
{
    public override IEnumerable<EventValue> Values(string path) =>
        [new EventValue(path + Name, column, form, owner => Value((TOwner)owner))];

    /// <summary>The value for the column; null where the owner has none.</summary>
    protected abstract object? Value(TOwner owner);
}
