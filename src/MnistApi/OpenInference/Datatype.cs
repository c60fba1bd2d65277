namespace MnistApi.OpenInference;

/// <summary>The protocol's element types; <see cref="Datatypes.Name"/> has their names on the wire.</summary>
internal enum Datatype
{
    Bool,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Int8,
    Int16,
    Int32,
    Int64,
    Fp16,
    Fp32,
    Fp64,
    Bytes,
}

internal static class Datatypes
{
    private static readonly string[] s_names = [.. Enum.GetNames<Datatype>().Select(name => name.ToUpperInvariant())];

    public static IEnumerable<string> Names => s_names;

    public static string Name(this Datatype datatype) => s_names[(int)datatype];

    public static bool IsFloat(this Datatype datatype) => datatype is Datatype.Fp16 or Datatype.Fp32 or Datatype.Fp64;

    public static Datatype? Of(string? name) => Array.IndexOf(s_names, name) is >= 0 and var index ? (Datatype)index : null;
}
