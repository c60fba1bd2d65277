namespace MnistApi.Imaging;

/// <summary>What was done to a picture, in the order of doing; <see cref="StepNames"/> has the words.</summary>
[Flags]
public enum Steps
{
    /// <summary>Nothing: it passed as one of MNIST's own.</summary>
    None = 0,

    /// <summary>A large picture was averaged over whole cells first.</summary>
    Reduced = 1,

    /// <summary>The opacity was taken for the ink, as the picture has one colour.</summary>
    AlphaIsInk = 1 << 1,

    /// <summary>It was laid over white paper where it is transparent.</summary>
    LaidOverWhite = 1 << 2,

    /// <summary>Grey was taken along the line between the background's colour and the ink's.</summary>
    InkColour = 1 << 3,

    /// <summary>It was turned, or mirrored, as the file says how to look at it.</summary>
    Turned = 1 << 4,

    /// <summary>It was averaged over areas to 28x28 and nothing else.</summary>
    Resized = 1 << 5,

    /// <summary>The ink was lighter than the background.</summary>
    Inverted = 1 << 6,

    /// <summary>A background that is not of one level was taken off.</summary>
    Evened = 1 << 7,

    /// <summary>What rises no higher than the background's grain was taken away.</summary>
    GrainRemoved = 1 << 8,

    /// <summary>Straight lines from edge to edge were taken out.</summary>
    LinesRemoved = 1 << 9,

    /// <summary>What is not the digit's was left out: specks, and what reaches in from outside.</summary>
    SpecksRemoved = 1 << 10,

    /// <summary>Strokes thinner than MNIST's were made as thick.</summary>
    Thickened = 1 << 11,

    /// <summary>Strokes thicker than MNIST's were made thinner.</summary>
    Thinned = 1 << 12,

    /// <summary>The ink was brought into 20x20, and its centre of mass into the middle of 28x28.</summary>
    Centred = 1 << 13,
}

/// <summary>Steps in words, for people who ask what happened to their picture: they read after "Your picture was".</summary>
public static class StepNames
{
    /// <summary>Every step there is, in the order of doing.</summary>
    public static IEnumerable<string> All => StepTable.All.Where(step => step.Kind != Steps.None).Select(step => step.Name);

    /// <summary>The steps that ran, in the order of doing; none where the picture passed unchanged.</summary>
    public static IEnumerable<string> Of(Steps steps) =>
        StepTable.All.Where(step => (steps & step.Kind) != 0).Select(step => step.Name);
}
