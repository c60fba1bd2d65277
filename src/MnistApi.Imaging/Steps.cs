namespace MnistApi.Imaging;

/// <summary>What was done to a picture, in the order of doing.</summary>
[Flags]
public enum Steps
{
    /// <summary>Nothing: it passed as one of MNIST's own.</summary>
    None = 0,

    /// <summary>The opacity was taken for the ink, as the picture has one colour.</summary>
    AlphaIsInk = 1,

    /// <summary>It was laid over white paper where it is transparent.</summary>
    LaidOverWhite = 1 << 1,

    /// <summary>A large picture was averaged over whole cells first.</summary>
    Reduced = 1 << 2,

    /// <summary>Grey was taken along the line between the ground's colour and the ink's.</summary>
    InkColour = 1 << 3,

    /// <summary>It was turned, or mirrored, as the file says how to look at it.</summary>
    Turned = 1 << 4,

    /// <summary>It was averaged over areas to 28x28 and nothing else.</summary>
    Resized = 1 << 5,

    /// <summary>Greys made of black and white dots were averaged.</summary>
    DotsAveraged = 1 << 6,

    /// <summary>A sheet that lies on something darker, or a dark canvas, was cut out.</summary>
    SheetCut = 1 << 7,

    /// <summary>A frame along its edges was cut off.</summary>
    FrameCut = 1 << 8,

    /// <summary>A ground was fitted to uneven light.</summary>
    GroundFitted = 1 << 9,

    /// <summary>The ink was lighter than the ground.</summary>
    LightInk = 1 << 10,

    /// <summary>What rises no higher than the ground's grain was taken away.</summary>
    GrainRemoved = 1 << 11,

    /// <summary>Straight lines across the picture were taken out.</summary>
    LinesRemoved = 1 << 12,

    /// <summary>What is clearly fainter than the pen was taken off.</summary>
    FaintDropped = 1 << 13,

    /// <summary>Marks that are not the digit's were left out: specks, print, lines and circles around it, what reaches in from outside.</summary>
    SpecksDropped = 1 << 14,

    /// <summary>Strokes thinner than MNIST's were made as thick.</summary>
    Thickened = 1 << 15,

    /// <summary>Strokes thicker than any of MNIST's were made thinner.</summary>
    Thinned = 1 << 16,

    /// <summary>The ink was brought into 20x20, and its centre of mass into the middle of 28x28.</summary>
    Centred = 1 << 17,
}
