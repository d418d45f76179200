namespace JanusEvents.Events.Json;

/// <summary>A number of a statistics event.</summary>
internal sealed class StatisticProperty(string name, Statistic statistic, string column)
    : ValueProperty<MediaStatsEvent>(name, column, ValueForm.Number)
{
    public Statistic Statistic => statistic;

    public override bool IsIn(MediaStatsEvent owner) => owner.Values[statistic] is not null;

    public override void Read(ref EventReader reader, MediaStatsEvent owner)
    {
        if (reader.TryNumber(out long number))
            owner.Values.Set(statistic, number);
    }

    public override void Write(MediaStatsEvent owner, JsonText text) => text.Number(owner.Values[statistic].GetValueOrDefault());

    protected override object? Value(MediaStatsEvent owner) => owner.Values[statistic];
}
