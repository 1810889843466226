namespace MilestoneWatch.Tests;

public sealed class ScaffoldTests
{
    [Fact]
    public void Runs() => Assert.True(true);
}
