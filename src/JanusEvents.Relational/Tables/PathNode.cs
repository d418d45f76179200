using System.Text;

namespace JanusEvents.Relational.Tables;

/// <summary>
/// The properties of a table's columns as they are nested in an event's JSON: a column at each leaf.
/// </summary>
internal sealed class PathNode
{
    private readonly List<PathNode> _children = [];

    private PathNode(string name)
    {
        Name = name;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        QuotedName = Encoding.UTF8.GetBytes($"\"{name}\"");
    }

    public string Name { get; }

    public byte[] Utf8Name { get; }

    public byte[] QuotedName { get; }

    /// <summary>The place of the column, or -1 for an object.</summary>
    public int Column { get; private set; } = -1;

    public bool IsObject => Column < 0;

    /// <summary>The properties inside, in the order in which Janus writes them.</summary>
    public IReadOnlyList<PathNode> Children => _children;

    public static PathNode Of(IReadOnlyList<EventColumn> columns)
    {
        PathNode root = new("");
        foreach ((int i, EventColumn column) in columns.Index().OrderBy(column => column.Item.Place))
        {
            if (column.Path is not { } path)
                continue;

            PathNode node = root;
            foreach (string name in path.Split('.'))
                node = node.Child(name) ?? node.Add(name);
            node.Column = i;
        }

        return root;
    }

    private PathNode? Child(string name) => _children.Find(c => c.Name == name);

    private PathNode Add(string name)
    {
        PathNode child = new(name);
        _children.Add(child);
        return child;
    }
}
