namespace JanusEvents.MySql;

/// <summary>A column as the server describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as it is written, such as <c>varchar(30)</c>.</param>
/// <param name="TypeName">Its type without length, in lower case.</param>
/// <param name="Length">How many characters it holds, if it is one for text.</param>
/// <param name="TimeDigits">How many digits of a second it keeps, if it is one for times.</param>
/// <param name="IsNullable">Whether it may be NULL.</param>
/// <param name="Collation">How its text is compared; null for what is no text.</param>
/// <param name="Default">What a row gets that brings nothing for it, as SQL; null for NULL or nothing.</param>
/// <param name="IsNumbered">Whether it has AUTO_INCREMENT.</param>
/// <param name="Comment">Its comment, empty if it has none.</param>
internal sealed record MySqlColumn(
    string Name,
    string Type,
    string TypeName,
    long Length,
    int? TimeDigits,
    bool IsNullable,
    string? Collation,
    string? Default,
    bool IsNumbered,
    string Comment);
