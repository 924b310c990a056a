/**
 * The page that shows what was retrieved; start at {@link
 * dev.likeness.evaluation.report.HtmlReport}.
 */
@NullMarked
package dev.likeness.evaluation.report;

import org.jspecify.annotations.NullMarked;
