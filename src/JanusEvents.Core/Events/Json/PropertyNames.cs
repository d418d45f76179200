using System.Runtime.CompilerServices;
using System.Text;

namespace JanusEvents.Events.Json;

/// <summary>
/// Finds the meaning of a property's name without making a string of it. Made with the names in the order in which Janus
/// sends them, since the one after the last is nearly always the next.
/// </summary>
internal sealed class PropertyNames<T>
    where T : struct
{
    private readonly byte[][] _names;
    private readonly T[] _values;
    private readonly int[]?[] _byHash = new int[256][];

    public PropertyNames(params (string Name, T Value)[] names)
    {
        _names = [.. names.Select(n => Encoding.UTF8.GetBytes(n.Name))];
        _values = [.. names.Select(n => n.Value)];
        foreach (IGrouping<int, int> group in Enumerable.Range(0, names.Length).GroupBy(i => Hash(_names[i])))
            _byHash[group.Key] = [.. group];
    }

    /// <summary>How many names there are.</summary>
    public int Count => _names.Length;

    public ReadOnlySpan<byte> Name(int place) => _names[place];

    public T Value(int place) => _values[place];

    /// <summary>Finds a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="next">Which name is expected, from 0; set to the one after the name that was found.</param>
    /// <param name="value">The value that the name stands for.</param>
    /// <remarks>Inlined, since it runs for every property of every event.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(ReadOnlySpan<byte> name, ref int next, out T value)
    {
        if ((uint)next < (uint)_names.Length && name.SequenceEqual(_names[next]))
        {
            value = _values[next++];
            return true;
        }

        return TryFindByHash(name, ref next, out value);
    }

    public bool TryFind(ReadOnlySpan<byte> name, out T value)
    {
        int next = -1;
        return TryFindByHash(name, ref next, out value);
    }

    private bool TryFindByHash(ReadOnlySpan<byte> name, ref int next, out T value)
    {
        if (!name.IsEmpty && _byHash[Hash(name)] is { } candidates)
        {
            foreach (int candidate in candidates)
            {
                if (name.SequenceEqual(_names[candidate]))
                {
                    next = candidate + 1;
                    value = _values[candidate];
                    return true;
                }
            }
        }

        value = default;
        return false;
    }

    private static int Hash(ReadOnlySpan<byte> name) =>
        (byte)((name.Length * 31) ^ (name[0] * 7) ^ (name[name.Length / 2] * 13) ^ name[^1]);
}
